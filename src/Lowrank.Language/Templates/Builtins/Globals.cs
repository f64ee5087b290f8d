using System.Numerics;

namespace Lowrank.Language;

/// <summary>The functions that every template finds.</summary>
static class Globals
{
    static readonly CallSignature message = new("raise_exception", "message");
    static readonly CallSignature format = new("strftime_now", "format");
    static readonly CallSignature separator = new("joiner", "sep?");

    /// <summary>By their names.</summary>
    public static IReadOnlyDictionary<string, object> All { get; } = new Dictionary<string, object>
    {
        ["range"] = new TemplateFunction("range", (_, arguments) => Range(arguments)),
        ["dict"] = new TemplateFunction("dict", (_, arguments) => Dict(arguments)),
        ["namespace"] = new TemplateFunction("namespace", (_, arguments) => Namespace(arguments)),
        ["cycler"] = new TemplateFunction("cycler", (_, arguments) => arguments.Positional.Count > 0
            ? new Cycler(arguments.Positional)
            : throw new TemplateFault(TemplateFault.Runtime, "at least one item has to be provided")),
        ["joiner"] = new TemplateFunction("joiner", (_, arguments) => Joiner(arguments)),
        ["lipsum"] = new TemplateFunction("lipsum", (_, _) =>
            throw new TemplateFault(TemplateFault.Runtime, "lipsum() writes at random, and what is rendered here is the same every time")),
        ["raise_exception"] = new TemplateFunction("raise_exception", (_, arguments) =>
            throw new TemplateFault(TemplateFault.Raised, PythonTypes.Text(message.Bind(arguments)[0]!).Value)),
        ["strftime_now"] = new TemplateFunction("strftime_now", (run, arguments) => StrftimeNow(run, arguments)),
    };

    static MarkedText StrftimeNow(TemplateRun run, CallArguments arguments) =>
        ClockText.Of(run.Now, PythonTypes.TextArgument(format.Bind(arguments)[0]!).Value);

    static PythonRange Range(CallArguments arguments)
    {
        var given = arguments.Positional.Select(Whole).ToArray();
        if (given.Length is 0 or > 3 || arguments.Named.Count > 0)
            throw new TemplateFault(TemplateFault.Type, $"range expected 1 to 3 arguments, got {given.Length + arguments.Named.Count}");
        var step = given.Length > 2 ? given[2] : 1;
        if (step.IsZero) throw new TemplateFault(TemplateFault.Value, "range() arg 3 must not be zero");
        var range = given.Length == 1 ? new PythonRange(0, given[0], 1) : new PythonRange(given[0], given[1], step);
        if (range.Length > TemplateLimits.Range) throw new TemplateFault(
            TemplateFault.Overflow, $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({TemplateLimits.Range}).");
        return range;
    }

    static BigInteger Whole(object value) => PythonArithmetic.Whole(value) ?? throw (value as Undefined)?.Fault() ?? new TemplateFault(
        TemplateFault.Type, $"{PythonRepr.Of(PythonTypes.Name(value))} object cannot be interpreted as an integer");

    static PythonDict Dict(CallArguments arguments)
    {
        if (arguments.Positional.Count > 1)
            throw new TemplateFault(TemplateFault.Type, $"dict expected at most 1 argument, got {arguments.Positional.Count}");
        var dict = new PythonDict();
        if (arguments.Positional is [PythonDict given]) dict = given.Copy();
        else if (arguments.Positional is [var pairs])
            foreach (object pair in PythonTypes.Items(pairs))
            {
                if (PythonTypes.ListOf(pair) is not [var key, var value])
                    throw new TemplateFault(TemplateFault.Value, "dictionary update sequence element has not length 2; 2 is required");
                dict.Set(key, value);
            }
        foreach (var (name, value) in arguments.Named) dict.Set((MarkedText)name, value);
        return dict;
    }

    static PythonNamespace Namespace(CallArguments arguments)
    {
        var space = new PythonNamespace();
        foreach (var (key, value) in Dict(arguments).Entries) space.Set(PythonTypes.TextArgument(key).Value, value);
        return space;
    }

    static TemplateFunction Joiner(CallArguments arguments)
    {
        object between = separator.Bind(arguments)[0] ?? (MarkedText)", ";
        bool isUsed = false;
        return new("joiner", (_, _) =>
        {
            object now = isUsed ? between : MarkedText.Empty;
            isUsed = true;
            return now;
        });
    }
}
