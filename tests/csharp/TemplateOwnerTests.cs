// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Text;
using Ansible.WorkplaceClaims;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceMembers;
using Ansible.WorkplaceOwners;

namespace Werkplek.Tests
{
    public static class TemplateOwnerTests
    {
        private const string Templates = @"%SystemRoot%\security\templates\policies\";

        private static FakeHost HostWithTemplates(params string[] bodies)
        {
            FakeHost host = new FakeHost();
            for (int i = 0; i < bodies.Length; i++)
                host.Files[Templates + "gpt0000" + i + (i == 0 ? ".dom" : ".inf")] = Encoding.UTF8.GetBytes("[Version]\nsignature=\"$CHICAGO$\"\n" + bodies[i]);
            return host;
        }

        public static void TheTemplateAppliedLastDecides()
        {
            FakeHost host = HostWithTemplates("[System Access]\nA = 1\nB = 1", "[System Access]\nA = 2", "[System Access]\nA = 3");
            Ask.Owned(Ask.Run(host, new SystemAccessItem("A", "9")), "<absent>", "group policy sets 3 (" + Templates + "gpt00002.inf)");
            Ask.Owned(Ask.Run(host, new SystemAccessItem("B", "9")), "<absent>", "group policy sets 1 (" + Templates + "gpt00000.dom)");
            Check.Equal("Changed", Ask.Run(host, new SystemAccessItem("A", "3")).Status.ToString());
        }

        public static void OtherFilesBesideTheTemplatesAreLeftAlone()
        {
            FakeHost host = HostWithTemplates("[System Access]\nA = 1");
            host.Files[Templates + "gpt00009.log"] = new byte[0];
            Check.Equal("OwnedElsewhere", Ask.Run(host, new SystemAccessItem("A", "2")).Status.ToString());
            Check.Equal(0, Ask.Warnings.Count);
        }

        public static void ATemplateOwnsUserRights()
        {
            FakeHost host = HostWithTemplates("[Privilege Rights]\nSeA = *S-1-5-32-544, *S-1-5-4\nSeB =\n");
            host.Sets["SeA"] = new List<string>();
            host.Sets["SeB"] = new List<string> { "S-1-1-0" };
            Ask.Owned(Ask.Run(host, new UserRightItem("SeA", new string[] { "S-1-5-4" })), "none",
                "group policy sets S-1-5-32-544, S-1-5-4 (" + Templates + "gpt00000.dom)");
            Ask.Owned(Ask.Run(host, new UserRightItem("SeB", new string[] { "S-1-5-4" })), "S-1-1-0", "group policy sets none ("
                + Templates + "gpt00000.dom)");
            Check.Equal("Changed", Ask.Run(host, new UserRightItem("SeA", new string[] { "S-1-5-4", "S-1-5-32-544" })).Status.ToString());
        }

        public static void ATemplateOwnsHowAServiceStarts()
        {
            FakeHost host = HostWithTemplates("[Service General Setting]\n\"A\",4,\"\"\nB,3,\"\"\nC,2,\"\"\n");
            foreach (string name in new string[] { "A", "B", "C", "D" })
                host.Installed[name] = new ServiceState("boot", "stopped");
            Ask.Owned(Ask.Run(host, new ServiceItem("A", "automatic", "running")), "boot, stopped", "group policy sets disabled ("
                + Templates + "gpt00000.dom)");
            Ask.Owned(Ask.Run(host, new ServiceItem("B", "disabled", null)), "boot", "group policy sets manual (" + Templates + "gpt00000.dom)");
            Ask.Owned(Ask.Run(host, new ServiceItem("C", "disabled", null)), "boot", "group policy sets automatic (" + Templates + "gpt00000.dom)");
            Check.Equal("Changed", Ask.Run(host, new ServiceItem("B", "manual", "stopped")).Status.ToString());
            Check.Equal("Changed", Ask.Run(host, new ServiceItem("C", "delayed", null)).Status.ToString());
            Check.Equal("Changed", Ask.Run(host, new ServiceItem("D", "manual", null)).Status.ToString());
        }

        public static void ATemplateOwnsRegistryValues()
        {
            Ask.Owned(Ask.Run(HostWithTemplates("[Registry Values]\nMACHINE\\K\\a=4,2\n"), Ask.Value("a")), "<absent>",
                "group policy sets dword:0x00000002 (" + Templates + "gpt00000.dom)");
        }

        public static void TheAppliedAuditPolicyOwnsItsSubcategories()
        {
            FakeHost host = new FakeHost();
            Guid guid = new Guid("0cce9217-69ae-11d9-bed3-505054503030");
            host.Files[@"%SystemRoot%\security\audit\audit.csv"] = Encoding.UTF8.GetBytes("h\n,System,x," + guid.ToString("B") + ",y,,3\n");
            host.Files[@"%SystemRoot%\System32\GroupPolicy\Machine\Microsoft\Windows NT\Audit\audit.csv"] = Encoding.UTF8.GetBytes("h\n,System,x," + guid.ToString("B") + ",y,,4\n");
            Claims claims = new Claims("a", "b", "HKLM:\\", new RegistryClaims());
            Check.Equal(true, new AuditItem(guid, AuditEvents.None).ClaimedBy(claims) == null);
            Owners owners = new Owners(host, Ask.Warnings.Add);
            Item item = new AuditItem(guid, AuditEvents.None);
            Check.Equal(@"group policy sets success, failure (%SystemRoot%\security\audit\audit.csv)", owners.Of(item, item.Wanted(null),
                null).Describe("success, failure"));
            Check.Equal("success, failure", owners.Of(item, item.Wanted(null), null).Wanted.Text);
            Check.Equal(true, owners.Of(new AuditItem(guid, AuditEvents.Success | AuditEvents.Failure), new State("success, failure"), null) == null);
            host.Files.Remove(@"%SystemRoot%\security\audit\audit.csv");
            item = new AuditItem(guid, AuditEvents.Success);
            Check.Equal("none", new Owners(host, Ask.Warnings.Add).Of(item, item.Wanted(null), null).Wanted.Text);
            Check.Equal(true, owners.Of(new AuditItem(Guid.Empty, AuditEvents.None), new State("none"), null) == null);
        }

        public static void ADamagedTemplateIsSaidAndOwnsNothing()
        {
            FakeHost host = new FakeHost();
            host.Files[Templates + "gpt00000.inf"] = Encoding.Unicode.GetBytes("[System Access]\r\nA = 5\r\n");
            Check.Equal("Changed", Ask.Run(host, new SystemAccessItem("A", "4")).Status.ToString());
            Check.Equal(new string[] { "cannot read " + Templates
                + "gpt00000.inf: damaged: expected the signature of a security template; treated as if nothing were set there" }, Ask.Warnings);
        }
    }
}
