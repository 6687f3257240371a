// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Ansible.Basic;
using Ansible.WorkplaceHost;
using Ansible.WorkplacePlan;
using Ansible.WorkplaceRequest;
using Ansible.WorkplaceTarget;
using Ansible.WorkplaceWindows;
#if CORECLR
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
#endif

// The module windows_policy: its documentation is library/windows_policy.yml.
namespace Ansible.WorkplacePolicy
{
    public static class Policy
    {
        /// <summary>Makes the host to work on: this Windows, unless a test says otherwise.</summary>
        public static Func<IHost> CreateHost = () => new WindowsHost();

        public static void Run(string[] args)
        {
            AnsibleModule module = AnsibleModule.Create(args, Spec());
            List<string> problems = new List<string>();
            IList<Setting> settings = Request.Parse(Document((string)module.Params["policy"]), problems);
            if (problems.Count == 0)
                Enforce(module, settings);
            else
                module.FailJson("The policy is malformed, nothing was touched:\n  " + String.Join("\n  ", problems));
        }

        private static void Enforce(AnsibleModule module, IList<Setting> settings)
        {
            IHost host = CreateHost();
            try
            {
                Mode mode = new Mode(module.CheckMode, (bool)module.Params["reclaim"], module.Warn);
                Report(module, Plan.Run(settings, host, mode));
            }
            finally
            {
                Close(module, host);
            }
            module.ExitJson();
        }

        /// <summary>The results stand even where the host cannot be let go of, for example a hive in use.</summary>
        private static void Close(AnsibleModule module, IHost host)
        {
            try
            {
                host.Dispose();
            }
            catch (Exception e)
            {
                module.Warn(e.Message);
            }
        }

        private static IDictionary Spec()
        {
            // no_log keeps the text out of the event log, which takes 31,839 characters, and out of the answer:
            // the caller has it already
            Hashtable policy = new Hashtable { { "type", "str" }, { "required", true }, { "no_log", true } };
            Hashtable reclaim = new Hashtable { { "type", "bool" }, { "default", false } };
            return new Hashtable
            {
                { "options", new Hashtable { { "policy", policy }, { "reclaim", reclaim } } },
                { "supports_check_mode", true },
            };
        }

        /// <summary>Dictionaries, lists and plain values; null when the text is not JSON.</summary>
        private static object Document(string json)
        {
            try
            {
#if CORECLR
                // texts that look like dates stay texts
                return Plain(JsonConvert.DeserializeObject<JToken>(json, new JsonSerializerSettings { DateParseHandling = DateParseHandling.None }));
#else
                return AnsibleModule.FromJson(json);
#endif
            }
            catch (Exception)   // each JSON library has its own, and their messages repeat the whole text
            {
                return null;
            }
        }

#if CORECLR
        private static object Plain(JToken value)
        {
            JObject map = value as JObject;
            if (map != null)
                return map.Properties().ToDictionary(p => p.Name, p => Plain(p.Value));
            JArray list = value as JArray;
            if (list != null)
                return list.Select(Plain).ToList();
            return ((JValue)value).Value;
        }
#endif

        private static void Report(AnsibleModule module, IList<Outcome> outcomes)
        {
            module.Result["changed"] = outcomes.Any(o => o.Moved);
            // not `results`: ansible-core renames that one when it is no list
            module.Result["settings"] = AnsibleModule.ToJson(outcomes.Select(Describe).ToList());
            if (!module.DiffMode)
                return;
            module.Diff["before"] = DiffText(outcomes, t => t.Before);
            module.Diff["after"] = DiffText(outcomes, t => t.After);
        }

        private static Dictionary<string, object> Describe(Outcome outcome)
        {
            Dictionary<string, object> result = Describe(outcome.Status, outcome.Before, outcome.After, outcome.Message);
            result["id"] = outcome.Id;
            if (outcome.PerUser)
                result["targets"] = outcome.Targets.Select(Describe).ToList();
            return result;
        }

        private static Dictionary<string, object> Describe(Target target)
        {
            Dictionary<string, object> result = Describe(target.Status, target.Before, target.After, target.Message);
            result["target"] = target.Name;
            return result;
        }

        private static Dictionary<string, object> Describe(Status status, string before, string after, string message)
        {
            Dictionary<string, object> result = new Dictionary<string, object>
            {
                { "status", status == Status.OwnedElsewhere ? "owned_elsewhere" : status.ToString().ToLowerInvariant() },
                { "before", before },
                { "after", after },
            };
            if (!String.IsNullOrEmpty(message))
                result["message"] = message;
            return result;
        }

        /// <summary>One line for each setting that moved, with the targets that moved.</summary>
        private static string DiffText(IEnumerable<Outcome> outcomes, Func<Target, string> side)
        {
            return String.Concat(outcomes.Where(o => o.Moved)
                .Select(o => o.Id + ": " + o.Join(o.Targets.Where(t => t.Moved), side) + "\n"));
        }
    }
}
