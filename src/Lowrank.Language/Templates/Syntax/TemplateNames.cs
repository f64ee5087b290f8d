namespace Lowrank.Language;

/// <summary>The names that stand in a template: the variables that it reads, and of what is a macro's own what stands in each.</summary>
sealed class TemplateNames
{
    readonly Stack<HashSet<string>> macros = new();
    readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    readonly HashSet<string> variables = new(StringComparer.Ordinal);

    /// <summary>Names of variables that were read.</summary>
    public IReadOnlySet<string> Variables => variables;

    /// <summary>Begins a macro, which is told which of caller, varargs and kwargs stand in it.</summary>
    public void EnterMacro() => macros.Push([]);

    /// <summary>Ends it.</summary>
    public IReadOnlySet<string> LeaveMacro() => macros.Pop();

    /// <summary>Notes that a variable is read.</summary>
    /// <returns>Its name, as <see cref="Known"/> has it.</returns>
    public string Variable(string name)
    {
        if (name is "caller" or "varargs" or "kwargs")
            foreach (var macro in macros) macro.Add(name);
        variables.Add(name);
        return Known(name);
    }

    /// <summary>One object for each name, so that most look-ups end at a reference.</summary>
    public string Known(string name)
    {
        if (known.TryGetValue(name, out string? same)) return same;
        return known[name] = string.Intern(name);
    }
}
