// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceProfiles;
using Ansible.WorkplaceTarget;

namespace Werkplek.Tests
{
    /// <summary>Files and loaded hives in memory; writes down what is loaded and unloaded.</summary>
    public sealed class FakeHives : IHives
    {
        public readonly List<string> There = new List<string> { ".DEFAULT", "S-1-5-18" }, Calls = new List<string>();
        public readonly HashSet<string> Files = new HashSet<string> { @"C:\Users\Default\NTUSER.DAT" }, InUse = new HashSet<string>();

        /// <summary>Called before each loading and unloading; may throw.</summary>
        public Action<string> OnCall = call => { };

        public IList<string> Loaded()
        {
            return There.ToList();
        }

        public bool HasFolder(string path)
        {
            return Files.Any(f => f.StartsWith(path + "\\", StringComparison.Ordinal));
        }

        public bool HasFile(string path)
        {
            return Files.Contains(path);
        }

        public bool Load(string root, string file)
        {
            Note("load " + root + " " + file);
            if (InUse.Contains(file))
                return false;
            There.Add(root);
            return true;
        }

        public void Unload(string root)
        {
            Note("unload " + root);
            There.Remove(root);
        }

        public void Dispose()
        {
            Note("close");
        }

        private void Note(string call)
        {
            Calls.Add(call);
            OnCall(call);
        }
    }

    public static class ProfileTests
    {
        private const string List = @"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList";
        private const string Anna = "S-1-5-21-1-2-3-1001", Bob = "S-1-5-21-1-2-3-1002", Entra = "S-1-12-1-4-5-6-7";
        private const string Later = "; the setting follows when this user is signed in during a run";

        private static FakeHost Host(params string[] profiles)
        {
            FakeHost host = new FakeHost();
            host.Values[List + "\\Default"] = Ask.Text(@"C:\Users\Default");
            foreach (string[] profile in profiles.Select(p => p.Split('=')))
                host.Values[List + "\\" + profile[0] + "\\ProfileImagePath"] = Ask.Text(profile[1]);
            return host;
        }

        private static FakeHives Hives(params string[] files)
        {
            FakeHives hives = new FakeHives();
            hives.Files.UnionWith(files);
            return hives;
        }

        private static string Show(UserHive hive)
        {
            string end = hive.Error == null ? "" : (hive.Unreachable ? " unreachable: " : " failed: ") + hive.Error;
            return hive.Name + " at " + hive.Root + end;
        }

        /// <summary>The hives but the default profile's, which is the last.</summary>
        private static IList<string> Users(FakeHost host, FakeHives hives)
        {
            IList<string> all = new ProfileHives(host, () => hives).Users().Select(Show).ToList();
            Check.Equal("default at Werkplekdefault", all.Last());
            return all.Take(all.Count - 1).ToList();
        }

        public static void WhoIsSignedInIsUsedAsLoadedAndTheOthersAreLoaded()
        {
            FakeHives hives = Hives(@"C:\Users\anna\NTUSER.DAT", @"C:\Users\bob\NTUSER.DAT");
            hives.There.AddRange(new string[] { Bob, Bob + "_Classes", Entra });
            Check.Equal(new string[] { Entra + " at " + Entra, Anna + " at Werkplek" + Anna, Bob + " at " + Bob },
                Users(Host(Anna + @"=C:\Users\anna", Bob + @"=C:\Users\bob\"), hives));
            Check.Equal(new string[] { @"load Werkplek" + Anna + @" C:\Users\anna\NTUSER.DAT", @"load Werkplekdefault C:\Users\Default\NTUSER.DAT" },
                hives.Calls);
        }

        public static void ServicesBackupsAndEntriesWithoutFolderAreNoUsers()
        {
            FakeHives hives = Hives(@"C:\Users\anna\NTUSER.DAT", @"C:\Windows\NTUSER.DAT");
            FakeHost host = Host(Anna + @".bak=C:\Users\anna", @"S-1-5-18=C:\Windows", @"S-1-5-80-1-2=C:\Windows", Bob + @"=C:\Users\gone", Entra + "=");
            host.Values[List + @"\S-1-5-21-9-9-9-9\Flags"] = Ask.Number(0);
            Check.Equal(new string[0], Users(host, hives));
        }

        public static void WhoCannotBeReachedIsSaid()
        {
            FakeHives hives = Hives(@"C:\Users\anna\NTUSER.DAT", @"C:\Users\bob\NTUSER.MAN", @"C:\Users\dirk\ntuser.ini");
            hives.InUse.Add(@"C:\Users\anna\NTUSER.DAT");
            FakeHost host = Host(Anna + @"=C:\Users\anna", Bob + @"=C:\Users\bob", Entra + @"=\\server\profiles\carla",
                @"S-1-5-21-1-2-3-1003=C:\Users\dirk");
            Check.Equal(new string[]
            {
                Entra + " at Werkplek" + Entra + @" unreachable: the user of \\server\profiles\carla is not reached: "
                    + "the profile is on a network share" + Later,
                Anna + " at Werkplek" + Anna + @" unreachable: the user of C:\Users\anna is not reached: NTUSER.DAT is in use" + Later,
                Bob + " at Werkplek" + Bob + @" unreachable: the user of C:\Users\bob is not reached: "
                    + "the profile is mandatory (NTUSER.MAN)" + Later,
                @"S-1-5-21-1-2-3-1003 at WerkplekS-1-5-21-1-2-3-1003 unreachable: the user of C:\Users\dirk is not reached: "
                    + "the profile has no NTUSER.DAT" + Later,
            }, Users(host, hives));
        }

        private static string[] WithAnnas(string name, RegistryValue value)
        {
            FakeHost host = Host(Anna + @"=C:\Users\anna");
            host.Values[List + "\\" + Anna + "\\" + name] = value;
            FakeHives hives = Hives(@"C:\Users\anna\NTUSER.DAT");
            string[] users = Users(host, hives).ToArray();
            Check.Equal(users[0].EndsWith(Later) ? 1 : 2, hives.Calls.Count);   // the default profile's, and hers only if it may be
            return users;
        }

        public static void ARoamingOrTemporaryProfileIsNotTouched()
        {
            const string start = Anna + " at Werkplek" + Anna, why = start + @" unreachable: the user of C:\Users\anna is not reached: the profile is ";
            Check.Equal(new string[] { why + "roaming" + Later }, WithAnnas("CentralProfile", Ask.Text(@"\\server\profiles\anna.V6")));
            Check.Equal(new string[] { start }, WithAnnas("CentralProfile", Ask.Text("")));
            Check.Equal(new string[] { why + "temporary" + Later }, WithAnnas("State", Ask.Number(0x804)));
            Check.Equal(new string[] { start }, WithAnnas("State", Ask.Number(0x704)));
        }

        public static void AHiveThatCannotBeLoadedFailsAlone()
        {
            FakeHives hives = Hives(@"C:\Users\anna\NTUSER.DAT", @"C:\Users\bob\NTUSER.DAT");
            hives.OnCall = call => { if (call.StartsWith("load Werkplek" + Anna)) throw new InvalidOperationException("damaged"); };
            Check.Equal(new string[] { Anna + " at Werkplek" + Anna + " failed: damaged", Bob + " at Werkplek" + Bob },
                Users(Host(Anna + @"=C:\Users\anna", Bob + @"=C:\Users\bob"), hives));
        }

        public static void ADefaultProfileThatCannotBeLoadedHasFailed()
        {
            FakeHives hives = Hives();
            hives.InUse.Add(@"C:\Users\Default\NTUSER.DAT");
            Check.Equal("default at Werkplekdefault failed: NTUSER.DAT is in use", Show(new ProfileHives(Host(), () => hives).Users().Single()));
            Check.Equal("default at Werkplekdefault failed: the registry names no folder of this profile",
                Show(new ProfileHives(new FakeHost(), () => hives).Users().Single()));
        }

        public static void WhatAKilledRunLeftIsUnloadedFirst()
        {
            FakeHives hives = Hives(@"C:\Users\anna\NTUSER.DAT");
            hives.There.AddRange(new string[] { "Werkplek" + Anna, "WERKPLEKdefault" });
            Users(Host(Anna + @"=C:\Users\anna"), hives);
            Check.Equal(new string[] { "unload Werkplek" + Anna, "unload WERKPLEKdefault" }, hives.Calls.Take(2));
            Check.Equal(4, hives.Calls.Count);
        }

        public static void WhatAKilledRunLeftInUseIsNotReached()
        {
            FakeHives hives = Hives(@"C:\Users\anna\NTUSER.DAT");
            hives.There.Add("Werkplek" + Anna);
            hives.OnCall = call => { if (call.StartsWith("unload")) throw new InvalidOperationException("busy"); };
            Check.Equal(new string[] { Anna + " at Werkplek" + Anna + @" unreachable: the user of C:\Users\anna is not reached: NTUSER.DAT is in use" + Later },
                Users(Host(Anna + @"=C:\Users\anna"), hives));
        }

        public static void NothingIsLoadedBeforeSomebodyAsksAndThenOnce()
        {
            FakeHives hives = Hives(@"C:\Users\anna\NTUSER.DAT");
            int opened = 0;
            ProfileHives profiles = new ProfileHives(Host(Anna + @"=C:\Users\anna"), () => { opened++; return hives; });
            new ProfileHives(Host(), () => { throw new InvalidOperationException("opened"); }).Dispose();
            Check.Equal(0, opened);
            profiles.Users();
            profiles.Users();
            Check.Equal(1, opened);
            Check.Equal(2, hives.Calls.Count);
        }

        public static void EverythingIsUnloadedWhateverFails()
        {
            FakeHives hives = Hives(@"C:\Users\anna\NTUSER.DAT", @"C:\Users\bob\NTUSER.DAT");
            ProfileHives profiles = new ProfileHives(Host(Anna + @"=C:\Users\anna", Bob + @"=C:\Users\bob"), () => hives);
            profiles.Users();
            hives.Calls.Clear();
            hives.OnCall = call => { if (call.EndsWith(Anna) || call.EndsWith("default")) throw new InvalidOperationException("busy: " + call); };
            string problem = "";
            try
            {
                profiles.Dispose();
            }
            catch (InvalidOperationException e)
            {
                problem = e.Message;
            }
            Check.Equal("busy: unload Werkplek" + Anna + "; busy: unload Werkplekdefault", problem);
            Check.Equal(new string[] { "unload Werkplek" + Anna, "unload Werkplek" + Bob, "unload Werkplekdefault", "close" }, hives.Calls);
        }

        public static void AnUnreachableUserIsUnsupportedAndAFailedHiveFailed()
        {
            FakeHost host = new FakeHost();
            host.Users = new List<UserHive> { new UserHive("a", "a", "why", true), new UserHive("b", "b", "why"), new UserHive("c", "c") };
            Outcome outcome = Ask.Run(host, Ask.Value("v", RegistryHive.CurrentUser));
            Check.Equal(new string[] { "Unsupported why", "Failed cannot read: why", "Changed " }, outcome.Targets.Select(t => t.Status + " " + t.Message));
        }
    }
}
