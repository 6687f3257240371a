// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Linq;
using System.Text;
using Ansible.WorkplaceClaimFiles;
using Ansible.WorkplaceClaims;
using Ansible.WorkplaceRegistry;

namespace Werkplek.Tests
{
    /// <summary>Registry policy files, written as MS-GPREG 2.2.1 says.</summary>
    public static class Pol
    {
        public static byte[] File(params byte[][] instructions)
        {
            return new byte[] { 0x50, 0x52, 0x65, 0x67, 1, 0, 0, 0 }.Concat(instructions.SelectMany(i => i)).ToArray();
        }

        public static byte[] Number(string key, string name, int data)
        {
            return Instruction(key, name, 4, BitConverter.GetBytes(data));
        }

        public static byte[] Text(string key, string name, string data)
        {
            return Instruction(key, name, 1, Encoding.Unicode.GetBytes(data + "\0"));
        }

        public static byte[] Instruction(string key, string name, int type, byte[] data)
        {
            byte[] semicolon = { 0x3b, 0 };
            return new byte[] { 0x5b, 0 }.Concat(Encoding.Unicode.GetBytes(key + "\0")).Concat(semicolon)
                .Concat(Encoding.Unicode.GetBytes(name + "\0")).Concat(semicolon).Concat(BitConverter.GetBytes(type)).Concat(semicolon)
                .Concat(BitConverter.GetBytes(data.Length)).Concat(semicolon).Concat(data).Concat(new byte[] { 0x5d, 0 }).ToArray();
        }
    }

    public static class ClaimFileTests
    {
        private static string Shown(RegistryClaims claims, string key, string name)
        {
            KeyClaims found = claims.Find(key);
            return found == null || !found.Decides(name) ? "nothing" : RegistryText.Show(found.Value(name)).Text;
        }

        private static string OfType(int type, params byte[] data)
        {
            return Shown(RegistryPolicyFile.Parse(Pol.File(Pol.Instruction("K", "v", type, data))), "K", "v");
        }

        private static string Damage(Action parse)
        {
            try
            {
                parse();
            }
            catch (FormatException e)
            {
                return e.Message;
            }
            return "none";
        }

        private static string Damage(byte[] file)
        {
            return Damage(() => RegistryPolicyFile.Parse(file));
        }

        public static void EveryTypeOfAPolicyFileIsThatOfTheRegistry()
        {
            Check.Equal("none:01", OfType(0, 1));
            Check.Equal("string:ab", OfType(1, Encoding.Unicode.GetBytes("ab\0")));
            Check.Equal("string:ab", OfType(1, Encoding.Unicode.GetBytes("ab")));
            Check.Equal("expandstring:%x%", OfType(2, Encoding.Unicode.GetBytes("%x%\0")));
            Check.Equal("binary:0aff", OfType(3, 10, 255));
            Check.Equal("dword:0xfffffffe", OfType(4, 254, 255, 255, 255));
            Check.Equal("unknown:00000001", OfType(5, 0, 0, 0, 1));
            Check.Equal("multistring:a|b", OfType(7, Encoding.Unicode.GetBytes("a\0b\0\0")));
            Check.Equal("multistring:", OfType(7));
            Check.Equal("qword:0x0000000000000102", OfType(11, 2, 1, 0, 0, 0, 0, 0, 0));
        }

        public static void KeysAndNamesAreTheSameInAnyCase()
        {
            Check.Equal("dword:0x00000001", Shown(RegistryPolicyFile.Parse(Pol.File(Pol.Number(@"Software\X", "Name", 1))), @"SOFTWARE\x", "NAME"));
        }

        public static void TheLastInstructionForAValueCounts()
        {
            RegistryClaims claims = RegistryPolicyFile.Parse(Pol.File(Pol.Number("K", "v", 1), Pol.Number("K", "v", 2), Pol.Number("K", "w", 3)));
            Check.Equal("dword:0x00000002", Shown(claims, "K", "v"));
            Check.Equal("dword:0x00000003", Shown(claims, "K", "w"));
            Check.Equal("nothing", Shown(claims, "K", "x"));
        }

        public static void SpecialNamesDelete()
        {
            RegistryClaims claims = RegistryPolicyFile.Parse(Pol.File(Pol.Text("K", "**Del.a", " "), Pol.Text("K", "**deletevalues",
                "b;c"), Pol.Number("K", "c", 1)));
            Check.Equal("<absent> <absent> dword:0x00000001 nothing", String.Join(" ", "abcd".Select(n => Shown(claims, "K", n.ToString()))));
            claims = RegistryPolicyFile.Parse(Pol.File(Pol.Number("K", "a", 1), Pol.Text("K", "**DelVals.", " "), Pol.Number("K", "b", 2)));
            Check.Equal("<absent> dword:0x00000002 <absent>", String.Join(" ", "abc".Select(n => Shown(claims, "K", n.ToString()))));
        }

        public static void DeletedKeysAreGoneUntilSomethingIsPutThere()
        {
            byte[] delete = Pol.Text("K", "**DeleteKeys", "a;b");
            RegistryClaims claims = RegistryPolicyFile.Parse(Pol.File(Pol.Number(@"K\a\deep", "v", 1), Pol.Number(@"K\ab", "v", 1),
                delete, Pol.Number("k\\B", "v", 2)));
            Check.Equal(true, claims.Find(@"K\a").Removed);
            Check.Equal("False False", claims.Creates(@"K\a") + " " + claims.Find(@"K\b").Removed);
            Check.Equal("True True True", claims.Creates(@"K\b") + " " + claims.Creates(@"k\AB") + " " + claims.Creates("k"));
            Check.Equal("<absent>", Shown(claims, @"K\a", "v"));
            Check.Equal(false, claims.Creates("K\\ab\\deeper"));
        }

        public static void AnInstructionWithoutAValueCreatesItsKey()
        {
            RegistryClaims claims = RegistryPolicyFile.Parse(Pol.File(Pol.Instruction("K", "", 0, new byte[0]), Pol.Text("D", "", "x")));
            Check.Equal("True nothing", claims.Creates("K") + " " + Shown(claims, "K", ""));
            Check.Equal("string:x", Shown(claims, "D", ""));
        }

        public static void OtherSpecialNamesClaimNothing()
        {
            RegistryClaims claims = RegistryPolicyFile.Parse(Pol.File(Pol.Number("K", "**soft.v", 1), Pol.Number("K", "**SecureKey", 1),
                Pol.Text("K", "**Comment:GPO Name: x", "")));
            Check.Equal(true, claims.Find("K") == null);
        }

        public static void AFileThatEndsEarlyIsDamaged()
        {
            byte[] whole = Pol.File(Pol.Text("K", "v", "ab"), Pol.Number("K", "w", 1));
            int end = Pol.File(Pol.Text("K", "v", "ab")).Length;
            for (int length = 0; length < whole.Length; length++)
                if (length != 8 && length != end)
                    Check.Equal(true, Damage(whole.Take(length).ToArray()).StartsWith("damaged before byte "));
            Check.Equal("none", Damage(whole));
        }

        public static void DamageIsNamedWithoutContents()
        {
            byte[] file = Pol.File(Pol.Text("K", "v", "canary"));
            Check.Equal("damaged before byte 4: expected the signature and version of a registry policy file", Damage(new byte[8]));
            file[4] = 2;
            Check.Equal("damaged before byte 8: expected the signature and version of a registry policy file", Damage(file));
            file[4] = 1;
            file[8] = 0x5c;
            Check.Equal("damaged before byte 10: expected [", Damage(file));
            Check.Equal("damaged before byte 38: expected 4 bytes of data", Damage(Pol.File(Pol.Instruction("K", "v", 4, new byte[2]))));
        }

        public static void ASizeBeyondTheFileIsDamage()
        {
            byte[] file = Pol.File(Pol.Instruction("K", "v", 3, new byte[] { 1 }));
            for (int i = 28; i < 32; i++)
                file[i] = 255;
            Check.Equal("damaged before byte 34: expected more bytes", Damage(file));
        }

        private static Claims Read(Action<byte[], Claims> read, string text, Encoding encoding)
        {
            Claims claims = new Claims("group policy", "file", "HKLM:\\", new RegistryClaims());
            read(encoding.GetPreamble().Concat(encoding.GetBytes(text)).ToArray(), claims);
            return claims;
        }

        public static void TemplatesClaimRightsOptionsServicesAndRegistryValues()
        {
            string text = "[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature=\"$CHICAGO$\"\r\n[System Access]\r\nLockoutBadCount = 5\r\nNewGuestName = \"Gast\"\r\n"
                + "[Privilege Rights]\r\nSeTcbPrivilege = \r\nSeDebugPrivilege = *S-1-5-32-544,Gast\r\n"
                + "[Service General Setting]\r\n\"Spooler\",4,\"D:AR\"\r\nBITS , 2 ,\"\"\r\n[Registry Values]\r\n"
                + "MACHINE\\Software\\K\\n=4,7\r\nmachine\\K\\s=1,\"a b\"\r\nMACHINE\\K\\m=7,a,\"b\"\r\nMACHINE\\K\\odd=3,0\r\nMACHINE\\K\\bad=4,x\r\nUSERS\\K\\u=4,1\r\n";
            foreach (Encoding encoding in new Encoding[] { Encoding.Unicode, new UTF8Encoding(false) })
            {
                Claims claims = Read(TextPolicyFile.ReadTemplate, text, encoding);
                Check.Equal("5 Gast", claims.Entry(Claims.SystemAccess, "lockoutbadcount") + " " + claims.Entry(Claims.SystemAccess, "NewGuestName"));
                Check.Equal("|*S-1-5-32-544,Gast", claims.Entry(Claims.PrivilegeRights, "SeTcbPrivilege") + "|"
                    + claims.Entry(Claims.PrivilegeRights, "SeDebugPrivilege"));
                Check.Equal("4 2", claims.Entry(Claims.Services, "spooler") + " " + claims.Entry(Claims.Services, "BITS"));
                Check.Equal(true, claims.Entry(Claims.Services, "LockoutBadCount") == null);
                Check.Equal("dword:0x00000007", Shown(claims.Registry, @"software\K", "n"));
                Check.Equal("string:a b multistring:a|b nothing nothing nothing",
                    String.Join(" ", new string[] { "s", "m", "odd", "bad", "u" }.Select(n => Shown(claims.Registry, "K", n))));
            }
        }

        public static void ATextThatIsNoTemplateIsDamaged()
        {
            Check.Equal("damaged: expected the signature of a security template",
                Damage(() => Read(TextPolicyFile.ReadTemplate, "[System Access]\r\nLockoutBadCount = 5\r\n", Encoding.Unicode)));
        }

        public static void AuditPoliciesAreReadByTheirNumbers()
        {
            string guid = "{0cce92{0}-69ae-11d9-bed3-505054503030}",
                text = "Machine Name,Policy Target,Subcategory,Subcategory GUID,Inclusion Setting,Exclusion Setting,Setting Value\r\n";
            string[] rows = { "PC,System,A,{10},Success,,1", ",system,\"B, b\",{11},x,,2", ",System,C,{12},Success and Failure,,3 ",
                ",System,D,{13},,,4", ",System,E,{14},,,0", ",S-1-5-21-1,F,{15},,,1", ",,Option:CrashOnAuditFail,,Enabled,,1" };
            foreach (string row in rows)
                text += row.Replace("{1", "{0CCE921").Replace("},", "-69AE-11D9-BED3-505054503030},") + "\r\n";
            Claims claims = Read(TextPolicyFile.ReadAudit, text, new UTF8Encoding(false));
            Check.Equal("Success Failure Success, Failure None nothing nothing", String.Join(" ", "012345".Select(n =>
                (object)claims.Audit(new Guid(guid.Replace("{0}", "1" + n))) ?? "nothing")));
        }
    }
}
