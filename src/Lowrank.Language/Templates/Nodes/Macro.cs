namespace Lowrank.Language;

/// <summary>A macro, or the body of {% call %}: what it writes is its value.</summary>
/// <param name="definition">How it is written.</param>
/// <param name="around">The variables that it sees, as they are when it is called.</param>
sealed class Macro(MacroDefinition definition, TemplateScope around) : TemplateCallable, IHasAttributes
{
    /// <inheritdoc/>
    public override string Name => definition.Name;

    /// <inheritdoc/>
    public object? Attribute(string name) => name switch
    {
        "name" => (MarkedText)definition.Name,
        "arguments" => new PythonTuple([.. definition.Parameters.Select(one => (MarkedText)one)]),
        "catch_kwargs" => definition.Specials.Contains("kwargs"),
        "catch_varargs" => definition.Specials.Contains("varargs"),
        "caller" => definition.Specials.Contains("caller"),
        _ => null,
    };

    /// <inheritdoc/>
    public override object Call(TemplateRun run, CallArguments arguments) => run.Nested(() =>
    {
        var inner = new TemplateScope(around);
        var named = new List<(string Name, object Value)>(arguments.Named);
        var missing = new List<int>();
        for (int i = 0; i < definition.Parameters.Count; i++)
        {
            object? value = i < arguments.Positional.Count ? arguments.Positional[i] : Taken(named, definition.Parameters[i]);
            if (value is null) missing.Add(i);
            else inner.Set(definition.Parameters[i], value);
        }
        SetSpecials(inner, arguments, named);
        foreach (int i in missing) inner.Set(definition.Parameters[i], Default(i, run, inner));
        return run.Captured(() => definition.Body.Render(run, inner));
    });

    object Default(int parameter, TemplateRun run, TemplateScope inner)
    {
        int at = parameter - (definition.Parameters.Count - definition.Defaults.Count);
        return at >= 0
            ? definition.Defaults[at].Evaluate(run, inner)
            : Undefined.Because($"parameter {PythonRepr.Of(definition.Parameters[parameter])} was not provided");
    }

    static object? Taken(List<(string Name, object Value)> named, string name)
    {
        int at = named.FindIndex(one => one.Name == name);
        if (at < 0) return null;
        object value = named[at].Value;
        named.RemoveAt(at);
        return value;
    }

    void SetSpecials(TemplateScope inner, CallArguments arguments, List<(string Name, object Value)> named)
    {
        bool Has(string special) => definition.Specials.Contains(special) && !definition.Parameters.Contains(special);
        if (Has("caller")) inner.Set("caller", Taken(named, "caller") ?? Undefined.Because("No caller defined"));
        if (Has("kwargs"))
        {
            var rest = new PythonDict();
            foreach (var (name, value) in named) rest.Set((MarkedText)name, value);
            inner.Set("kwargs", rest);
        }
        else if (named.Count > 0)
            throw new TemplateFault(TemplateFault.Type, $"macro {Told} takes no keyword argument {PythonRepr.Of(named[0].Name)}");
        int count = definition.Parameters.Count;
        if (Has("varargs")) inner.Set("varargs", new PythonTuple([.. arguments.Positional.Skip(count)]));
        else if (arguments.Positional.Count > count)
            throw new TemplateFault(TemplateFault.Type, $"macro {Told} takes not more than {count} argument(s)");
    }

    string Told => PythonRepr.Of(definition.Name);
}
