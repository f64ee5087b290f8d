using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Reads a dynamic prompt.</summary>
/// <remarks>Source: parser/parse.py of dynamicprompts, v0.31.0. Each method reads a rule of its grammar, or nothing.</remarks>
sealed partial class DynamicReader
{
    const int Deepest = 200;

    enum Place
    {
        Outside,
        Within,
        InPath,
    }

    readonly DynamicText text;
    readonly string whole;
    int depth;

    DynamicReader(string whole) => (this.whole, text) = (whole, new(whole));

    /// <summary>The pieces of a prompt.</summary>
    /// <exception cref="LowrankException">A sign has no counterpart, or stands where it may not; the place is named.</exception>
    public static DynamicNode Read(string prompt)
    {
        var reader = new DynamicReader(prompt);
        var node = reader.Prompt(Place.Outside);
        return reader.text.IsAtEnd ? node : throw reader.text.Fault(reader.text.At, reader.Reason());
    }

    string Reason()
    {
        string farther = text.Farthest > text.At ? $" It can be followed up to character {text.Farthest + 1}." : "";
        return whole[text.At] switch
        {
            '{' => "a choice begins here that does not end as one. Write {one|another}." + farther,
            '$' => "a variable begins here. Write ${name} or ${name=value}; the sign alone has no place." + farther,
            '%' => "a wrapper begins here. Write %{before ... behind$$within}; the sign alone has no place." + farther,
            _ => "two underscores begin a wildcard. Write __name__." + farther,
        };
    }

    DynamicNode Prompt(Place place)
    {
        if (++depth > Deepest) throw text.Fault(text.At, $"choices nest deeper than {Deepest}.");
        var pieces = new List<DynamicNode>();
        while (Piece(place) is { } piece) pieces.Add(piece);
        depth--;
        return pieces is [var only] ? only : new DynamicNode.Sequence(pieces);
    }

    DynamicNode? Piece(Place place) => place switch
    {
        Place.Outside => Assignment() ?? Command() ?? Words(Outside()),
        Place.Within => Command() ?? Words(Within()),
        _ => PathPiece(),
    };

    DynamicNode? Command() => Variable() ?? Wrap() ?? Choice() ?? Wildcard();

    DynamicNode? PathPiece()
    {
        // A bracket begins the wildcard's variables.
        if (text.Read("(")) return Back<DynamicNode>(text.At - 1);
        return PathVariable() ?? Choice() ?? Words(InPath()) ?? Words(Within());
    }

    T? Back<T>(int start) where T : class
    {
        text.At = start;
        return null;
    }

    // Stretches between comments are joined by a blank.
    DynamicNode.Words? Words(Regex pattern)
    {
        var stretches = new List<string>();
        while (text.Read(pattern) is { } found) stretches.Add(found.Value);
        return stretches.Count == 0 ? null : new(string.Join(' ', stretches));
    }

    DynamicNode? Assignment()
    {
        int start = text.At;
        if (!text.Read("${") || Name() is not { } name) return Back<DynamicNode>(start);
        bool overwrites = !text.Read("?");
        if (!text.Read("=")) return Back<DynamicNode>(start);
        bool isImmediate = text.Read("!");
        text.SkipBlanks();
        var value = Prompt(Place.Within);
        text.SkipBlanks();
        return text.Read("}") ? new DynamicNode.Assignment(name, value, overwrites, isImmediate) : Back<DynamicNode>(start);
    }

    DynamicNode.Variable? Variable()
    {
        int start = text.At;
        if (!text.Read("${") || Name() is not { } name) return Back<DynamicNode.Variable>(start);
        DynamicNode? value = null;
        if (text.Read(":"))
        {
            text.SkipBlanks();
            value = Prompt(Place.Within);
        }
        text.SkipBlanks();
        return text.Read("}") ? new(name, value) : Back<DynamicNode.Variable>(start);
    }

    // In a wildcard's path a variable without value says its name.
    DynamicNode.Variable? PathVariable()
    {
        if (Variable() is not { } variable) return null;
        var value = variable.Default ?? new DynamicNode.Words(variable.Name);
        return variable with { Default = value is DynamicNode.Words words ? new DynamicNode.Words(words.Text.Trim()) : value };
    }

    string? Name()
    {
        text.SkipBlanks();
        string? name = text.Read(VariableName())?.Value;
        if (name is not null) text.SkipBlanks();
        return name;
    }

    DynamicNode? Wrap()
    {
        int start = text.At;
        if (!text.Read("%{")) return null;
        text.SkipBlanks();
        var wrapper = Prompt(Place.Within);
        text.SkipBlanks();
        if (!text.Read("$$")) return Back<DynamicNode>(start);
        text.SkipBlanks();
        var inner = Prompt(Place.Within);
        return text.Read("}") ? new DynamicNode.Wrap(wrapper, inner) : Back<DynamicNode>(start);
    }

    DynamicNode? Choice()
    {
        int start = text.At;
        if (!text.Read("{")) return null;
        text.SkipBlanks();
        var method = Method();
        var bounds = Bounds();
        text.SkipBlanks();
        var options = new List<(DynamicNode, double)>();
        do options.Add(Option());
        while (text.Read("|"));
        text.SkipBlanks();
        if (!text.Read("}")) return Back<DynamicNode>(start);
        var (least, most, between) = bounds ?? (1, 1, ",");
        int last = most ?? options.Count;
        return new DynamicNode.Choice(options, Math.Min(least, last), Math.Max(least, last), between) { Method = method };
    }

    (DynamicNode, double) Option()
    {
        text.SkipBlanks();
        var weight = text.Read(WeightBefore());
        var node = Prompt(Place.Within);
        text.SkipBlanks();
        return (node, weight is null ? 1 : double.Parse(weight.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    DynamicMethod? Method() => text.Read(MethodSign())?.Value switch
    {
        "~" => DynamicMethod.Random,
        "!" => DynamicMethod.Combinatorial,
        "@" => DynamicMethod.Cyclical,
        _ => null,
    };

    // How many: "2$$", "1-2$$", "-2$$", "2-$$", each perhaps with what stands between and another "$$".
    (int Least, int? Most, string Between)? Bounds()
    {
        if (text.Read(Range()) is not { } range) return null;
        bool isOne = range.Groups["one"].Success;
        int least = range.Groups["least"].Success ? Count(range.Groups["least"].Value) : isOne ? Count(range.Groups["one"].Value) : 1;
        int? most = range.Groups["most"].Success ? Count(range.Groups["most"].Value) : isOne ? least : null;
        return (least, most, text.Read(Separator())?.Groups[1].Value ?? ",");
    }

    // More than there are of anything are as many as there are.
    static int Count(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : int.MaxValue;

    DynamicNode? Wildcard()
    {
        int start = text.At;
        if (!text.Read("__")) return null;
        var method = Method();
        int pathStart = text.At;
        var path = Prompt(Place.InPath);
        if (text.At == pathStart) return Back<DynamicNode>(start);
        var variables = text.Read(VariableSpec()) is { } spec ? Variables(spec.Groups[1].Value) : [];
        return text.Read("__") ? new DynamicNode.Wildcard(path, variables) { Method = method } : Back<DynamicNode>(start);
    }

    static List<(string, DynamicNode)> Variables(string spec)
    {
        var variables = new List<(string, DynamicNode)>();
        foreach (string pair in spec.Split(','))
        {
            int sign = pair.IndexOf('=', StringComparison.Ordinal);
            string name = sign < 0 ? pair : pair[..sign], value = sign < 0 ? "" : pair[(sign + 1)..];
            variables.Add((name.Trim(), Read(value.Trim())));
        }
        return variables;
    }

    [GeneratedRegex("""\G(?:(?!__)[^#{$%])+""")]
    private static partial Regex Outside();

    [GeneratedRegex("""\G(?:(?!__)[^#{$%|}])+""")]
    private static partial Regex Within();

    [GeneratedRegex("""\G(?:(?!__)[^#{$%()])+""")]
    private static partial Regex InPath();

    [GeneratedRegex("""\G[A-Za-z_-][A-Za-z0-9_-]*""")]
    private static partial Regex VariableName();

    [GeneratedRegex("""\G[~!@]""")]
    private static partial Regex MethodSign();

    [GeneratedRegex("""\G([+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)|[0-9]+)::""")]
    private static partial Regex WeightBefore();

    [GeneratedRegex("""\G(?:(?<least>[0-9]+)-(?<most>[0-9]+)|-(?<most>[0-9]+)|(?<least>[0-9]+)-|(?<one>[0-9]+))\$\$""")]
    private static partial Regex Range();

    [GeneratedRegex("""\G([ -~-[${}]]+)\$\$""")]
    private static partial Regex Separator();

    [GeneratedRegex("""\G\s*\(([^)]+)\)""")]
    private static partial Regex VariableSpec();
}
