using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using Scalar = YamlDotNet.Core.Events.Scalar;

namespace Lowrank.Training;

/// <summary>A name of a YAML mapping with its value: a text, a list of texts, a mapping, or nothing.</summary>
/// <remarks>A mapping is the list of its name=value; a mapping in a list is one text of name=value with spaces between.</remarks>
/// <param name="Name">The name.</param>
/// <param name="NameAt">Where it stands.</param>
/// <param name="Texts">One text, or those of a list; null for an empty value.</param>
/// <param name="Kind">Whether it is a list or mapping, and of what.</param>
sealed record YamlEntry(string Name, Mark NameAt, IReadOnlyList<string>? Texts, YamlKind Kind)
{
    const string Wanted = "names with values are wanted, such as rank: 16";

    /// <summary>The entries of a file that is one mapping; read as events, so that a repeated name is seen with its place.</summary>
    /// <exception cref="YamlException">It is something else, or no YAML.</exception>
    public static IReadOnlyList<YamlEntry> Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        var entries = new List<YamlEntry>();
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _)) return entries;
        parser.Consume<DocumentStart>();
        if (parser.TryConsume<Scalar>(out var lone))   // a file of comments alone is an empty text
            return IsEmpty(lone) ? entries : throw new YamlException(lone.Start, lone.End, Wanted);
        if (!parser.TryConsume<MappingStart>(out _)) throw Unwanted(parser, Wanted);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var name)) throw Unwanted(parser, "a name is wanted");
            entries.Add(Value(parser, name));
        }
        parser.Consume<DocumentEnd>();
        return parser.Accept<StreamEnd>(out _) ? entries : throw Unwanted(parser, "one recipe is wanted, and here a second begins");
    }

    static YamlEntry Value(Parser parser, Scalar name)
    {
        if (parser.TryConsume<Scalar>(out var single)) return Entry(IsEmpty(single) ? null : [single.Value], YamlKind.Text);
        if (parser.TryConsume<MappingStart>(out _)) return Entry(Pairs(parser, name.Value), YamlKind.Mapping);
        if (!parser.TryConsume<SequenceStart>(out _)) throw Unwanted(parser, $"{name.Value} wants a value or a list of values");
        var texts = new List<string>();
        var kind = YamlKind.List;
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (parser.TryConsume<Scalar>(out var item)) texts.Add(item.Value);
            else if (parser.TryConsume<MappingStart>(out _))
            {
                texts.Add(string.Join(' ', Pairs(parser, name.Value)));
                kind = YamlKind.ListOfMappings;
            }
            else throw Unwanted(parser, $"{name.Value} wants plain values in its list");
        }
        return Entry(texts, kind);

        YamlEntry Entry(IReadOnlyList<string>? texts, YamlKind kind) => new(name.Value, name.Start, texts, kind);
    }

    static List<string> Pairs(Parser parser, string of)
    {
        var pairs = new List<string>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.TryConsume<Scalar>(out var found) ? found.Value : throw Unwanted(parser, "a name is wanted");
            if (!parser.TryConsume<Scalar>(out var value)) throw Unwanted(parser, $"{key} of {of} wants one value");
            pairs.Add($"{key}={value.Value}");
        }
        return pairs;
    }

    static bool IsEmpty(Scalar scalar) => scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" };

    static YamlException Unwanted(Parser parser, string wanted)
    {
        parser.MoveNext();
        return parser.Current is { } there ? new YamlException(there.Start, there.End, wanted) : new YamlException(wanted);
    }
}
