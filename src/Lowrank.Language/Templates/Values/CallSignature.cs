namespace Lowrank.Language;

/// <summary>The parameters of a function: "old new count?" wants two and takes a third.</summary>
sealed class CallSignature
{
    readonly string function;
    readonly string[] parameters;
    readonly int required;

    /// <summary>A signature by its words.</summary>
    public CallSignature(string function, string words)
    {
        string[] parts = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        this.function = function;
        parameters = [.. parts.Select(part => part.TrimEnd('?'))];
        required = parts.Count(part => !part.EndsWith('?'));
    }

    /// <summary>The arguments by the parameters' order, null where one was not given.</summary>
    /// <exception cref="TemplateFault">One is missing, unknown or too much.</exception>
    public object?[] Bind(CallArguments arguments)
    {
        var bound = new object?[parameters.Length];
        if (arguments.Positional.Count > parameters.Length)
            throw Fault($"takes {parameters.Length} positional arguments but {arguments.Positional.Count} were given");
        for (int i = 0; i < arguments.Positional.Count; i++) bound[i] = arguments.Positional[i];
        foreach (var (name, value) in arguments.Named)
        {
            int at = Array.IndexOf(parameters, name);
            if (at < 0) throw Fault($"got an unexpected keyword argument {PythonRepr.Of(name)}");
            if (bound[at] is not null) throw Fault($"got multiple values for argument {PythonRepr.Of(name)}");
            bound[at] = value;
        }
        for (int i = 0; i < required; i++)
            if (bound[i] is null) throw Fault($"missing 1 required positional argument: {PythonRepr.Of(parameters[i])}");
        return bound;
    }

    TemplateFault Fault(string what) => new(TemplateFault.Type, $"{function}() {what}");
}
