// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ansible.Basic;
using Ansible.WorkplaceSessionsDrain;
using Ansible.WorkplaceSessionsHost;
using Ansible.WorkplaceSessionsStatus;
using Ansible.WorkplaceSessionsWindows;

// The module windows_session_host: its documentation is library/windows_session_host.yml.
namespace Ansible.WorkplaceSessions
{
    public static class SessionHost
    {
        /// <summary>Makes the host to work on: this Windows, unless a test says otherwise.</summary>
        public static Func<ISessionHost> CreateHost = () => new WindowsSessionHost();

        public static void Run(string[] args)
        {
            AnsibleModule module = AnsibleModule.Create(args, Spec());
            string state = (string)module.Params["state"], message = (string)module.Params["message"];
            bool logOff = (bool)module.Params["log_off"];
            if (logOff && state != "drained")
                module.FailJson("log_off ends sessions only with state drained; found state " + state);
            try
            {
                using (ISessionHost host = CreateHost())
                    Report(module, host, new Change(host, module.CheckMode).To(state, message, logOff, () => module.Result["changed"] = true));
            }
            catch (Exception e)
            {
                module.FailJson(e.Message, e);
            }
            module.ExitJson();
        }

        private static IDictionary Spec()
        {
            List<object> states = new List<object> { "status", "drained", "accepting" };
            return new Hashtable
            {
                {
                    "options", new Hashtable
                    {
                        { "state", new Hashtable { { "type", "str" }, { "default", "status" }, { "choices", states } } },
                        { "message", new Hashtable { { "type", "str" } } },
                        { "log_off", new Hashtable { { "type", "bool" }, { "default", false } } },
                    }
                },
                { "supports_check_mode", true },
            };
        }

        private static void Report(AnsibleModule module, ISessionHost host, IList<string> acts)
        {
            HostStatus status = new HostStatus(host);
            IList<string> because = status.PendingRestarts();
            IList<HealthCheck> health = status.Health();
            module.Result["draining"] = DrainMode.Read(host.Registry) != DrainMode.Accepting;
            module.Result["sessions"] = Person.List(host.Sessions).Select(Describe).ToList();
            module.Result["image_version"] = status.ImageVersion();
            module.Result["reboot_required"] = because.Count > 0;
            module.Result["reboot_because"] = because;
            module.Result["boot_time"] = host.BootTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            module.Result["healthy"] = health.All(c => c.Ok);
            module.Result["health"] = health.Select(Describe).ToList();
            if (!module.DiffMode)
                return;
            module.Diff["before"] = "";
            module.Diff["after"] = String.Concat(acts.Select(a => a + "\n"));
        }

        private static Dictionary<string, object> Describe(Person person)
        {
            return new Dictionary<string, object>
            {
                { "id", person.Id }, { "user", person.User }, { "state", person.State }, { "idle_seconds", person.IdleSeconds },
            };
        }

        private static Dictionary<string, object> Describe(HealthCheck check)
        {
            return new Dictionary<string, object> { { "check", check.Name }, { "ok", check.Ok }, { "found", check.Found } };
        }
    }

    /// <summary>Brings a host to a state, or finds what that would take.</summary>
    public sealed class Change
    {
        private readonly ISessionHost host;
        private readonly bool checkMode;
        private readonly List<string> acts = new List<string>();
        private Action changing;

        public Change(ISessionHost host, bool checkMode)
        {
            this.host = host;
            this.checkMode = checkMode;
        }

        /// <summary>What was done or, in check mode, would be. `changing` is called before each of these acts.</summary>
        public IList<string> To(string state, string message, bool logOff, Action changing)
        {
            this.changing = changing;
            if (state == "drained")
                Drain(message, logOff);
            else if (state == "accepting")
                Accept();
            return acts;
        }

        private void Drain(string message, bool logOff)
        {
            SetMode(DrainMode.Draining);
            IList<Person> people = Person.List(host.Sessions);   // after the drain, when there will be no more of them
            Told told = new Told(host.Registry);
            foreach (Person person in people.Where(p => !String.IsNullOrEmpty(message) && !told.Has(p, message)))
                Do("tell " + person, () => Tell(told, person, message));
            if (logOff && people.Count > 0)
                Do("log off " + String.Join(", ", people), () => LogOff.All(host, people));
        }

        private void Accept()
        {
            SetMode(DrainMode.Accepting);
            if (!checkMode)
                new Told(host.Registry).Forget();
        }

        private void SetMode(int mode)
        {
            int found = DrainMode.Read(host.Registry);
            if (found != mode)
                Do("drain mode " + found + " to " + mode, () => DrainMode.Write(host.Registry, mode));
        }

        private void Tell(Told told, Person person, string message)
        {
            host.Sessions.Tell(person.Id, message);
            told.Add(person, message);
        }

        private void Do(string act, Action action)
        {
            changing();
            acts.Add(act);
            if (!checkMode)
                action();
        }
    }
}
