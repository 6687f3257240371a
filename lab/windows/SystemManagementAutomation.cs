// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Linq;
using System.Web.Script.Serialization;

// Stand-in for the parts of PowerShell that Ansible.Basic.cs names. It knows one script: $complex_args.
namespace System.Management.Automation
{
    public sealed class PSObject
    {
        public object BaseObject { get; private set; }

        public PSObject(object value)
        {
            BaseObject = value;
        }
    }

    // Ansible.Basic.cs reads these of an error that PowerShell caught; here PowerShell never does
    public sealed class InvocationInfo
    {
        public string PositionMessage { get { return ""; } }
    }

    public sealed class ErrorRecord
    {
        public InvocationInfo InvocationInfo { get { return new InvocationInfo(); } }
        public string CategoryInfo { get { return ""; } }
        public string FullyQualifiedErrorId { get { return ""; } }
        public string ScriptStackTrace { get { return ""; } }
    }

    public sealed class ScriptBlock
    {
        private readonly string script;

        private ScriptBlock(string script)
        {
            this.script = script;
        }

        public static ScriptBlock Create(string script)
        {
            return new ScriptBlock(script);
        }

        public Collection<PSObject> Invoke(params object[] arguments)
        {
            if (script != "$complex_args")
                throw new NotSupportedException("PowerShell is not here: " + script);
            string json = File.ReadAllText(Environment.GetEnvironmentVariable("WERKPLEK_LAB_ARGS"));
            object values = new JavaScriptSerializer { MaxJsonLength = Int32.MaxValue }.DeserializeObject(json);
            return new Collection<PSObject> { new PSObject(AsPowerShell(values)) };
        }

        /// <summary>The shapes that Ansible's wrapper makes of JSON: Hashtable and object[].</summary>
        private static object AsPowerShell(object value)
        {
            IDictionary<string, object> map = value as IDictionary<string, object>;
            if (map != null)
            {
                Hashtable table = new Hashtable(StringComparer.OrdinalIgnoreCase);
                foreach (KeyValuePair<string, object> entry in map)
                    table[entry.Key] = AsPowerShell(entry.Value);
                return table;
            }
            object[] list = value as object[];
            return list == null ? value : list.Select(AsPowerShell).ToArray();
        }
    }
}

namespace System.Management.Automation.Runspaces
{
    public sealed class Runspace
    {
        public static Runspace DefaultRunspace { get { return null; } }
    }
}
