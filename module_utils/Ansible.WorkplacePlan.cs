// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceRequest;

// Read everything, compute, write the differences, read back what was written.
namespace Ansible.WorkplacePlan
{
    public enum Status
    {
        Compliant,
        Changed,
        Noncompliant,
        Unsupported,
        Failed,
    }

    /// <summary>One place that one setting governs: the host, or one user's hive.</summary>
    public sealed class Target
    {
        private const string Unknown = "<unknown>";
        private readonly Item item;
        private readonly string unreachable;
        private State now, wanted, after;
        private string writeError;

        public readonly string Name;
        public Status Status { get; private set; }
        public string Before { get { return now == null ? Unknown : now.Text; } }
        public string After { get { return after == null ? Unknown : after.Text; } }
        public string Message { get; private set; }
        public bool Differs { get { return wanted != null && wanted.Key != now.Key; } }
        public bool Moved { get { return now != null && after != null && after.Key != now.Key; } }

        public Target(string name, Item item, string unreachable)
        {
            Name = name;
            this.item = item;
            this.unreachable = unreachable;
        }

        // One failing setting must not hide the others, so each step keeps what goes wrong as the target's own result.

        public void Read(Session session)
        {
            try
            {
                if (unreachable != null)
                    throw new InvalidOperationException(unreachable);
                now = item.Read(session);
            }
            catch (Exception e)
            {
                Fail(e, "cannot read: ");
                return;
            }
            after = now;
            try
            {
                wanted = item.Wanted(now);
            }
            catch (Exception e)
            {
                Fail(e, "");
            }
        }

        public void Announce()
        {
            Status = Status.Noncompliant;
            after = wanted;
        }

        public void Write(Session session)
        {
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
                if (Status == Status.Failed)
                    Message = String.Format("{0}: wanted {1}, found {2}", writeError ?? "did not stick", due.Text, after.Text);
            }
            catch (Exception e)
            {
                Fail(e, "cannot read back: ");
            }
        }

        private void Attempt(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e)
            {
                writeError = "cannot write: " + OneLine(e);
            }
        }

        private void Fail(Exception e, string step)
        {
            bool unsupported = e is UnsupportedException;
            Status = unsupported ? Status.Unsupported : Status.Failed;
            Message = (unsupported ? "" : step) + OneLine(e);
        }

        private static string OneLine(Exception e)
        {
            return String.Join(" ", e.Message.Split(new char[] { '\r', '\n' }, StringSplitOptions.RemoveEmptyEntries)).Trim();
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
                ? users.Value.Select(u => new Target(u.Name, setting.Item.In(u), u.Error)).ToList()
                : new List<Target> { new Target("", setting.Item, null) };
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

    public static class Plan
    {
        public static IList<Outcome> Run(IEnumerable<Setting> settings, IHost host, bool checkMode)
        {
            // hives are opened only when a setting needs them
            Lazy<IList<UserHive>> users = new Lazy<IList<UserHive>>(() => UserHives(host));
            List<Outcome> outcomes = settings.Select(s => new Outcome(s, users)).ToList();
            Session session = new Session(host);
            List<Target> targets = outcomes.SelectMany(o => o.Targets).ToList();
            foreach (Target target in targets)
                target.Read(session);
            List<Target> differing = targets.Where(t => t.Differs).ToList();
            if (checkMode)
                differing.ForEach(t => t.Announce());
            else
                Enforce(differing, session);
            return outcomes;
        }

        private static IList<UserHive> UserHives(IHost host)
        {
            try
            {
                return host.Registry.UserHives();
            }
            catch (Exception e)   // fails the settings of users, not the others
            {
                return new UserHive[] { new UserHive("users", "", "cannot list users: " + e.Message) };
            }
        }

        private static void Enforce(List<Target> differing, Session session)
        {
            differing.ForEach(t => t.Write(session));
            differing.ForEach(t => t.Commit(session));
            session.Forget();
            differing.ForEach(t => t.Verify(session));
        }
    }
}
