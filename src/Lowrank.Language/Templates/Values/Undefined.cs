namespace Lowrank.Language;

/// <summary>What is not there, variable or attribute: prints as nothing, is falsy and empty, is a fault where more is asked.</summary>
/// <param name="Hint">What to say; null tells it from the next two.</param>
/// <param name="Owner">What the attribute was asked of; null for a variable.</param>
/// <param name="Name">The name or index.</param>
/// <param name="Kind">The fault that it becomes.</param>
sealed record Undefined(string? Hint, object? Owner, object? Name, string Kind = TemplateFault.Undefined)
{
    /// <summary>An unknown variable.</summary>
    public static Undefined Variable(string name) => new(null, null, (MarkedText)name);

    /// <summary>One that says why it is not there.</summary>
    public static Undefined Because(string hint) => new(hint, null, null);

    /// <summary>An attribute that the sandbox hides.</summary>
    public static Undefined Unsafe(object owner, string name)
    {
        string kind = PythonRepr.Of(PythonTypes.Name(owner));
        return new($"access to attribute {PythonRepr.Of(name)} of {kind} object is unsafe.", null, null, TemplateFault.Security);
    }

    /// <summary>The fault that using it is.</summary>
    public TemplateFault Fault() => new(Kind, Message);

    string Message
    {
        get
        {
            if (Hint is not null) return Hint;
            if (Owner is null) return $"{PythonRepr.Of(Name!)} is undefined";
            string owner = Owner is PythonNone ? "None" : PythonTypes.Name(Owner) + " object";
            return Name is MarkedText
                ? $"{PythonRepr.Of(owner)} has no attribute {PythonRepr.Of(Name)}"
                : $"{owner} has no element {PythonRepr.Of(Name!)}";
        }
    }
}
