// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System.Collections.Generic;
using System.Web.Script.Serialization;
using Ansible.WorkplaceRequest;

namespace Werkplek.Tests
{
    public static class RequestTests
    {
        private static IList<string> Problems(string settings)
        {
            return ProblemsOf("{\"schema\": 1, \"settings\": [" + settings.Replace('\'', '"') + "]}");
        }

        private static IList<string> ProblemsOf(string json)
        {
            List<string> problems = new List<string>();
            Request.Parse(new JavaScriptSerializer().DeserializeObject(json), problems);
            return problems;
        }

        private static string Registry(string rest)
        {
            return @"{'id': 'a', 'kind': 'registry', 'path': 'HKLM:\\SOFTWARE\\X', 'name': 'v', " + rest + "}";
        }

        private static void Refused(string settings, params string[] problems)
        {
            Check.Equal(problems, Problems(settings));
        }

        public static void AcceptsEveryKind()
        {
            Refused(Registry("'type': 'dword', 'data': 1, 'state': null") + @",
                {'id': 'b', 'kind': 'registry', 'path': 'HKCU:\\A\\B', 'list': []},
                {'id': 'c', 'kind': 'registry', 'path': 'HKLM:\\A\\B\\C', 'state': 'absent'},
                {'id': 'd', 'kind': 'service', 'name': 'Spooler', 'start': 'delayed', 'status': 'running'},
                {'id': 'e', 'kind': 'user_right', 'right': 'SeTcbPrivilege', 'members': []},
                {'id': 'f', 'kind': 'security_option', 'name': 'EnableGuestAccount', 'data': 0},
                {'id': 'g', 'kind': 'account_policy', 'name': 'MaximumPasswordAge', 'data': -1},
                {'id': 'h', 'kind': 'audit', 'subcategory': '{0cce9217-69ae-11d9-bed3-505054503030}', 'name': 'x', 'events': ['failure']},
                {'id': 'i', 'kind': 'local_group', 'group': 'S-1-5-32-544', 'members': ['.\\beheer'], 'mode': 'include'},
                {'id': 'j', 'kind': 'security_option', 'name': 'NewGuestName', 'data': 'gast'}");
        }

        public static void NamesAllProblemsAtOnce()
        {
            Refused(Registry("'type': 'dword', 'data': -1, 'colour': 1") + ", {'id': 'b', 'kind': 'pixie'}, 7",
                "settings[0] (a): data: found -1; expected a whole number, 0 to 4294967295",
                "settings[0] (a): colour: unknown field",
                "settings[1] (b): kind: found 'pixie'; expected one of registry, service, user_right, security_option, account_policy, audit, local_group, "
                    + "certificate, wifi_profile",
                "settings[2]: found no object; expected a setting");
        }

        public static void RefusesADocumentThatIsNoRequest()
        {
            Check.Equal(new string[] { "policy: found no JSON object; expected {\"schema\": 1, \"settings\": [...]}" }, ProblemsOf("[1]"));
            Check.Equal(new string[] { "schema: found 2; expected a whole number, 1 to 1", "settings: found 'x'; expected a list of settings" },
                ProblemsOf("{\"schema\": 2, \"settings\": \"x\"}"));
            Check.Equal(new string[] { "other: unknown field" }, ProblemsOf("{\"schema\": 1, \"settings\": [], \"other\": 1}"));
        }

        public static void BoundsNumbers()
        {
            Refused(Registry("'type': 'dword', 'data': 4294967295"));
            Refused(Registry("'type': 'dword', 'data': 4294967296"), "settings[0] (a): data: found 4294967296; expected a whole number, 0 to 4294967295");
            Refused(Registry("'type': 'qword', 'data': 18446744073709551615"));
            Refused(Registry("'type': 'qword', 'data': 18446744073709551616"),
                "settings[0] (a): data: found 18446744073709551616; expected a whole number, 0 to 18446744073709551615");
            Refused(Registry("'type': 'dword', 'data': true"), "settings[0] (a): data: found true; expected a whole number, 0 to 4294967295");
            Refused(Registry("'type': 'dword', 'data': '1'"), "settings[0] (a): data: found '1'; expected a whole number, 0 to 4294967295");
            Refused(Registry("'type': 'dword', 'data': 1.5"), "settings[0] (a): data: found 1.5; expected a whole number, 0 to 4294967295");
        }

        public static void ChecksDataAgainstType()
        {
            Refused(Registry("'type': 'string'"), "settings[0] (a): data: found nothing; expected a text");
            Refused(Registry("'type': 'binary', 'data': '0a0'"), "settings[0] (a): data: found '0a0'; expected bytes as hexadecimal text");
            Refused(Registry("'type': 'multistring', 'data': ['a', '']"),
                "settings[0] (a): data: found a list; expected a list, each item a text that is not empty");
            Refused(Registry("'type': 'string', 'data': 'a\\u0000b'"), "settings[0] (a): data: found 'a\0b'; expected a text");
        }

        public static void RefusesPathsThatAreNotOne()
        {
            foreach (string path in new string[] { "HKCR:\\\\X", "HKLM:", "HKLM:\\\\A\\\\\\\\B", "HKLM:\\\\A\\\\" })
                Check.Equal(1, Problems("{'id': 'a', 'kind': 'registry', 'path': '" + path + "', 'name': 'v', 'type': 'dword', 'data': 1}").Count);
        }

        public static void RefusesToDeleteATopLevelKey()
        {
            Refused(@"{'id': 'a', 'kind': 'registry', 'path': 'HKLM:\\SOFTWARE\\Policies', 'state': 'absent'}",
                @"settings[0] (a): path: found 'HKLM:\SOFTWARE\Policies'; expected at least three keys deep when the whole key is to go");
        }

        public static void RefusesTextThatWouldLeaveTheTemplateLine()
        {
            Refused("{'id': 'a', 'kind': 'security_option', 'name': 'NewGuestName', 'data': 'a\\nEnableGuestAccount = 1'}",
                "settings[0] (a): data: found 'a\nEnableGuestAccount = 1'; expected an account name");
        }

        public static void RefusesADisabledServiceThatRuns()
        {
            Refused("{'id': 'a', 'kind': 'service', 'name': 'X', 'start': 'disabled', 'status': 'running'}",
                "settings[0] (a): status: found 'running'; expected stopped, for a disabled service");
        }

        public static void RefusesTwoSettingsForOneThing()
        {
            Refused(Registry("'type': 'dword', 'data': 1") + ", " + @"{'id': 'b', 'kind': 'registry', 'path': 'hklm:\\software\\x', 'name': 'V', 'state': 'absent'}",
                @"value 'v' of HKLM:\SOFTWARE\X is governed more than once: by a, b");
            Refused("{'id': 'a', 'kind': 'service', 'name': 'X', 'start': 'manual'}, {'id': 'a', 'kind': 'service', 'name': 'Y', 'start': 'manual'}",
                "id a is used 2 times");
        }

        private static Setting Parsed(string rest)
        {
            string json = "{\"schema\": 1, \"settings\": [" + Registry("'type': 'dword', 'data': 1" + rest).Replace('\'', '"') + "]}";
            List<string> problems = new List<string>();
            IList<Setting> settings = Request.Parse(new JavaScriptSerializer().DeserializeObject(json), problems);
            Check.Equal(0, problems.Count);
            return settings[0];
        }

        public static void SettingsAreWaivedOrSecretOnlyWhenTheySaySo()
        {
            Check.Equal("False False", Parsed("").Waived + " " + Parsed("").Secret);
            Check.Equal("True False", Parsed(", 'observe': 'waived'").Waived + " " + Parsed(", 'observe': 'waived'").Secret);
            Check.Equal("False True", Parsed(", 'secret': true").Waived + " " + Parsed(", 'secret': true").Secret);
            Check.Equal("False False", Parsed(", 'secret': false, 'observe': null").Waived + " " + Parsed(", 'secret': false").Secret);
        }

        public static void RefusesOtherWaysToObserve()
        {
            Refused(Registry("'type': 'dword', 'data': 1, 'observe': 'later'"), "settings[0] (a): observe: found 'later'; expected one of waived");
        }

        public static void ProblemsOfASecretSettingDoNotShowIt()
        {
            Refused(Registry("'type': 'dword', 'data': 'canary', 'secret': true"), "settings[0] (a): data: found <secret>; expected a whole number, 0 to 4294967295");
            Refused(Registry("'type': 'dword', 'secret': true"), "settings[0] (a): data: found nothing; expected a whole number, 0 to 4294967295");
            Refused(Registry("'type': 'binary', 'data': 'canary', 'secret': 'yes'"), "settings[0] (a): secret: found 'yes'; expected true or false");
        }

        public static void LetsSeveralSettingsAddToOneGroup()
        {
            Refused(@"{'id': 'a', 'kind': 'local_group', 'group': 'X', 'members': ['S-1-5-4'], 'mode': 'include'},
                {'id': 'b', 'kind': 'local_group', 'group': 'X', 'members': ['S-1-5-11'], 'mode': 'include'}");
        }
    }
}
