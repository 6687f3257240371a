// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceMemory;
using Ansible.WorkplaceOwners;
using Ansible.WorkplaceRequest;

// What becomes of a setting in each place that it governs.
namespace Ansible.WorkplaceTarget
{
    /// <summary>From good to bad.</summary>
    public enum Status
    {
        Compliant,
        Waived,
        Changed,
        Noncompliant,
        OwnedElsewhere,
        Unsupported,
        Failed,
    }

    /// <summary>How values and errors of one setting are shown. All text of results comes from here: it may hold a secret.</summary>
    public sealed class Wording
    {
        private readonly bool secret;

        public Wording(bool secret)
        {
            this.secret = secret;
        }

        /// <param name="wanted">Null when it is not known.</param>
        public string Show(State state, State wanted)
        {
            if (state == null)
                return "<unknown>";
            if (!secret || state.Text == State.Absent)
                return state.Text;
            return wanted != null && state.Key == wanted.Key ? "<secret>" : "<another value>";
        }

        /// <summary>On one line; of a secret setting only its type, since an adapter may quote what it could not write.</summary>
        public string Show(Exception e)
        {
            if (secret && !(e is MissingPartException))
                return e.GetType().Name + " (its text is not shown, the setting is secret)";
            return String.Join(" ", e.Message.Split(new char[] { '\r', '\n' }, StringSplitOptions.RemoveEmptyEntries)).Trim();
        }
    }

    /// <summary>One place that one setting governs: the host, or one user's hive.</summary>
    public sealed class Target
    {
        private const string CameBack = "it came back changed twice in a row after it was set; find what else sets it, then run once with reclaim";
        private readonly Setting setting;
        private readonly Item item;
        private readonly UserHive user;
        private readonly Wording wording;
        private State now, wanted, after;
        private bool tried;
        private string writeError;

        /// <summary>The hive's name; an empty text for the host.</summary>
        public readonly string Name;
        public Status Status { get; private set; }
        public string Before { get { return wording.Show(now, wanted); } }
        public string After { get { return wording.Show(after, wanted); } }
        public string Message { get; private set; }
        public bool Moved { get { return now != null && after != null && after.Key != now.Key; } }

        /// <summary>To be written: it differs, and nothing forbids it so far.</summary>
        public bool Due { get { return wanted != null && wanted.Key != now.Key && Status == Status.Compliant; } }

        /// <param name="user">Null for the host.</param>
        public Target(Setting setting, UserHive user)
        {
            this.setting = setting;
            this.user = user;
            Name = user == null ? "" : user.Name;
            item = user == null ? setting.Item : setting.Item.In(user);
            wording = new Wording(setting.Secret);
        }

        // One failing setting must not hide the others, so each step keeps what goes wrong as the target's own result.

        public void Read(Session session)
        {
            if (user != null && user.Error != null)
            {
                if (user.Unreachable)
                    Conclude(Status.Unsupported, user.Error);
                else
                    Conclude(Status.Failed, "cannot read: " + user.Error);
                return;
            }
            try
            {
                now = item.Read(session);
                after = now;
            }
            catch (Exception e)
            {
                Fail(e, "cannot read: ");
                return;
            }
            Compare();
        }

        private void Compare()
        {
            try
            {
                wanted = item.Wanted(now);
                if (setting.Waived && Due)
                    Conclude(Status.Waived, null);
            }
            catch (Exception e)
            {
                Fail(e, "");
            }
        }

        /// <summary>Leaves the target alone when someone else keeps setting it.</summary>
        public void FindOwner(Owners owners, Memory memory)
        {
            try
            {
                Owner owner = owners.Of(item, wanted, user);
                if (owner != null)
                    Conclude(Status.OwnedElsewhere, owner.Describe(wording.Show(owner.Wanted, wanted)));
                else if (memory.CameBackTwice(Remembered, Digest))
                    Conclude(Status.OwnedElsewhere, CameBack);
            }
            catch (Exception e)
            {
                Fail(e, "cannot tell whether someone else sets it: ");
            }
        }

        public void Announce()
        {
            Status = Status.Noncompliant;
            after = wanted;
        }

        public void Write(Session session)
        {
            tried = true;
            Attempt(() => item.Write(session, now));
        }

        public void Commit(Session session)
        {
            if (writeError == null)
                Attempt(() => item.Commit(session));
        }

        /// <summary>What the host now holds decides, not what writing said.</summary>
        public void Verify(Session session)
        {
            after = null;
            try
            {
                after = item.Read(session);
                State due = item.Wanted(after);
                Status = after.Key == due.Key ? Status.Changed : Status.Failed;
                string found = String.Format("wanted {0}, found {1}", wording.Show(due, due), wording.Show(after, due));
                Message = Status == Status.Failed ? (writeError ?? "did not stick") + ": " + found : null;
            }
            catch (Exception e)
            {
                Fail(e, "cannot read back: ");
            }
        }

        /// <summary>What could not be set, or is waived, has not come back. What could not be looked at says nothing.</summary>
        public void Remember(Memory memory)
        {
            if (setting.Secret)
                memory.Hide(Remembered);
            if (Status == Status.Compliant)
                memory.Found(Remembered);
            else if (Status == Status.Changed)
                memory.Wrote(Remembered, Digest);
            else if (tried || setting.Waived)
                memory.Forget(Remembered);
        }

        private string Remembered { get { return Memory.Target(Name, setting.Id); } }

        // of the setting's own identity: that of an item in a hive holds the name under which it is loaded
        private string Digest
        {
            get { return setting.Secret ? Memory.Secret : Memory.Digest(setting.Item.Identity + "\n" + wanted.Key); }
        }

        private void Attempt(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e)
            {
                writeError = "cannot write: " + wording.Show(e);
            }
        }

        private void Fail(Exception e, string step)
        {
            bool unsupported = e is UnsupportedException;
            Conclude(unsupported ? Status.Unsupported : Status.Failed, (unsupported ? "" : step) + wording.Show(e));
        }

        private void Conclude(Status status, string message)
        {
            Status = setting.Waived ? Status.Waived : status;
            Message = message;
        }
    }

    /// <summary>What became of one setting.</summary>
    public sealed class Outcome
    {
        public readonly string Id;
        public readonly IList<Target> Targets;

        /// <summary>The targets differ by user; else there is one, the host.</summary>
        public readonly bool PerUser;

        public Outcome(Setting setting, Lazy<IList<UserHive>> users)
        {
            Id = setting.Id;
            PerUser = setting.Item.PerUser;
            Targets = PerUser
                ? users.Value.Select(u => new Target(setting, u)).ToList()
                : new List<Target> { new Target(setting, null) };
        }

        /// <summary>The worst of its targets'.</summary>
        public Status Status { get { return Targets.Max(t => t.Status); } }

        /// <summary>Something was changed, or would be.</summary>
        public bool Moved { get { return Targets.Any(t => t.Moved); } }

        public string Before { get { return Join(Targets, t => t.Before); } }
        public string After { get { return Join(Targets, t => t.After); } }
        public string Message { get { return Join(Targets.Where(t => t.Message != null), t => t.Message); } }

        /// <summary>`text`, or `target=text; target=text` for users' hives.</summary>
        public string Join(IEnumerable<Target> targets, Func<Target, string> text)
        {
            return String.Join("; ", targets.Select(t => PerUser ? t.Name + "=" + text(t) : text(t)));
        }
    }
}
