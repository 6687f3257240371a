// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace Werkplek.Tests
{
    /// <summary>Runs every public static method without parameters of the classes named ...Tests.</summary>
    public static class TestRunner
    {
        public static int Main()
        {
            int failures = 0;
            foreach (MethodInfo test in Tests())
            {
                string name = test.DeclaringType.Name + "." + test.Name;
                try
                {
                    test.Invoke(null, null);
                    Console.WriteLine("ok " + name);
                }
                catch (TargetInvocationException e)
                {
                    failures++;
                    string problem = e.InnerException is AssertionException ? e.InnerException.Message : e.InnerException.ToString();
                    Console.WriteLine("FAIL " + name + " " + problem.Replace("\n", " | "));
                }
            }
            return failures;
        }

        private static IEnumerable<MethodInfo> Tests()
        {
            return Assembly.GetExecutingAssembly().GetTypes().Where(t => t.Name.EndsWith("Tests", StringComparison.Ordinal))
                .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(m => m.GetParameters().Length == 0);
        }
    }

    public sealed class AssertionException : Exception
    {
        public AssertionException(string message) : base(message) { }
    }

    public static class Check
    {
        public static void Equal(object wanted, object found)
        {
            if (!Object.Equals(wanted, found))
                throw new AssertionException("wanted <" + wanted + "> found <" + found + ">");
        }

        /// <summary>The message with which an action fails, as it must.</summary>
        public static string Failure(Action action)
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                return e.Message;
            }
            throw new AssertionException("nothing failed");
        }

        public static void Equal(IEnumerable<string> wanted, IEnumerable<string> found)
        {
            Equal(String.Join("\n", wanted), String.Join("\n", found));
        }
    }
}
