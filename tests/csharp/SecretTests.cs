// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplacePlan;
using Ansible.WorkplaceRegistry;
using Ansible.WorkplaceRequest;
using Ansible.WorkplaceTarget;

namespace Werkplek.Tests
{
    public static class SecretTests
    {
        private const string Canary = "canary-7", Other = "parrot-8", Place = @"HKLM:\K\a", Hidden = " (its text is not shown, the setting is secret)";

        private static RegistryValue Text(string text)
        {
            return new RegistryValue(RegistryValueKind.String, text);
        }

        private static Item Value(RegistryHive hive = RegistryHive.LocalMachine, bool absent = false)
        {
            return new RegistryValueItem(new RegistryPath(hive, "K"), "a", absent ? null : Text(Canary));
        }

        /// <summary>Everything that a run says of a secret setting must be exactly this.</summary>
        private static void Says(string wanted, FakeHost host, Item item, bool check = false, bool waived = false)
        {
            List<string> said = new List<string>();
            Outcome outcome = Plan.Run(new Setting[] { new Setting("s", item, waived, true) }, host, new Mode(check, false, said.Add)).Single();
            said.Add(String.Join(" | ", outcome.Status, outcome.Before, outcome.After, outcome.Message));
            foreach (Target target in outcome.Targets.Where(t => t.Name != ""))
                said.Add(String.Join(" | ", target.Name, target.Status, target.Before, target.After, target.Message));
            Check.Equal(wanted, String.Join("\n", said));
            foreach (string text in said.Concat(host.Values.Where(v => v.Key.Contains("Werkplek")).Select(v => (string)v.Value.Data)))
                Check.Equal(false, text.Contains(Canary) || text.Contains(Other));
        }

        private static FakeHost HostWith(string text)
        {
            FakeHost host = new FakeHost();
            host.Values[Place] = Text(text);
            return host;
        }

        public static void WhatIsThereAndWantedIsNotShown()
        {
            Says("Compliant | <secret> | <secret> | ", HostWith(Canary), Value());
            Says("Changed | <another value> | <secret> | ", HostWith(Other), Value());
            Says("Changed | <absent> | <secret> | ", new FakeHost(), Value());
            Says("Noncompliant | <another value> | <secret> | ", HostWith(Other), Value(), true);
            Says("Changed | <another value> | <absent> | ", HostWith(Other), Value(absent: true));
            Says("Waived | <another value> | <another value> | ", HostWith(Other), Value(), false, true);
            Says("Compliant | <secret> | <secret> | ", HostWith(Canary), Value(), false, true);
        }

        private static InvalidOperationException Quoting()
        {
            return new InvalidOperationException("no room for " + Canary + " beside " + Other);
        }

        public static void WhatAnAdapterSaysIsNotShown()
        {
            FakeHost host = HostWith(Other);
            host.OnRead = path => { if (path == Place) throw Quoting(); };
            Says("Failed | <unknown> | <unknown> | cannot read: InvalidOperationException" + Hidden, host, Value());
            Says("Waived | <unknown> | <unknown> | cannot read: InvalidOperationException" + Hidden, host, Value(), false, true);
            host.OnRead = path => { if (path == Place) throw new UnsupportedException(Canary); };
            Says("Unsupported | <unknown> | <unknown> | UnsupportedException" + Hidden, host, Value());
            host = HostWith(Other);
            host.OnWrite = call => { throw Quoting(); };
            Says("Failed | <another value> | <another value> | cannot write: InvalidOperationException" + Hidden
                + ": wanted <secret>, found <another value>", host, Value());
            host = HostWith(Other);
            host.OnWrite = call => { host.OnRead = path => { if (path == Place) throw Quoting(); }; return true; };
            Says("Failed | <another value> | <unknown> | cannot read back: InvalidOperationException" + Hidden, host, Value());
        }

        public static void WhatDidNotStickIsNotShown()
        {
            FakeHost host = HostWith(Other);
            host.OnWrite = call => false;
            Says("Failed | <another value> | <another value> | did not stick: wanted <secret>, found <another value>", host, Value());
            Says("Failed | <another value> | <another value> | did not stick: wanted <absent>, found <another value>", host, Value(absent: true));
        }

        public static void UsersSecretsAreNotShown()
        {
            FakeHost host = new FakeHost();
            host.Users.AddRange(new UserHive[] { new UserHive("S-1", "S-1"), new UserHive("S-2", "S-2"), new UserHive("default", "D", "in use") });
            host.Values[@"HKU:\S-1\K\a"] = Text(Canary);
            host.Values[@"HKU:\S-2\K\a"] = Text(Other);
            Says("Failed | S-1=<secret>; S-2=<another value>; default=<unknown> | S-1=<secret>; S-2=<secret>; default=<unknown> | default=cannot read: in use\n"
                + "S-1 | Compliant | <secret> | <secret> | \nS-2 | Changed | <another value> | <secret> | \ndefault | Failed | <unknown> | <unknown> | cannot read: in use",
                host, Value(RegistryHive.CurrentUser));
        }

        public static void WhatAnOwnerSetsIsNotShown()
        {
            FakeHost host = HostWith(Other);
            host.Files[@"%ProgramData%\ntuser.pol"] = Pol.File(Pol.Text("K", "a", Other));
            Says(@"OwnedElsewhere | <another value> | <another value> | group policy sets <another value> (%ProgramData%\ntuser.pol)", host, Value());
            host.Files[@"%ProgramData%\ntuser.pol"] = Pol.File(Pol.Text("K", "a", Canary), Pol.Text("K", "a", Other).Take(30).ToArray());
            Says("cannot read %ProgramData%\\ntuser.pol: damaged before byte 80: expected more bytes; treated as if nothing were set there\n"
                + "Changed | <another value> | <secret> | ", host, Value());
        }

        public static void OtherTextsStayAsTheyAre()
        {
            Wording open = new Wording(false);
            Check.Equal("a b", open.Show(new InvalidOperationException(" a\r\nb\n")));
            Check.Equal("x <unknown>", open.Show(new State("x"), null) + " " + open.Show(null, null));
            Check.Equal("<another value> <unknown>", new Wording(true).Show(new State("x"), null) + " " + new Wording(true).Show(null, new State("x")));
        }
    }
}
