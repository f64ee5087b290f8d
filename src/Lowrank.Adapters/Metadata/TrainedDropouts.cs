using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Adapters;

/// <summary>The dropouts that an adapter was trained with, as its metadata tell them; a share that nothing tells is 0.</summary>
/// <param name="Dropout">kohya's <c>ss_network_dropout</c>, or the dropout of PEFT's type (<c>lora_dropout</c>).</param>
/// <param name="RankDropout"><c>rank_dropout</c> of kohya's network_args or of PEFT's LoHa and LoKr.</param>
/// <param name="ModuleDropout"><c>module_dropout</c> of these.</param>
/// <param name="Arguments">What the metadata say of the way in which is dropped, as arguments of a method: name=value.</param>
/// <param name="Fields">The fields that tell a share above 0, with their values; of several components each one's.</param>
public sealed record TrainedDropouts(
    double Dropout, double RankDropout, double ModuleDropout, IReadOnlyList<string> Arguments, IReadOnlyList<string> Fields)
{
    const string Suffix = "_dropout", Style = "dropout_style";

    const string NetworkArguments = "ss_network_args", NetworkDropout = "ss_network_dropout";

    // Objects of fields among the metadata: kohya's, and diffusers'.
    static readonly string[] objects = [NetworkArguments, "lora_adapter_metadata"];

    static readonly string[] ways = [Style, "bypass_mode", "rank_dropout_scale"];

    /// <summary>Those that metadata tell. Where components were trained with several, the largest counts.</summary>
    public static TrainedDropouts Of(IReadOnlyDictionary<string, string> metadata)
    {
        var gathered = new TrainedDropouts(0, 0, 0, [], []);
        foreach (var (key, text) in metadata)
        {
            if (objects.Contains(key))
            {
                foreach (var (name, value) in FieldsIn(text))
                    if (key == NetworkArguments || !IsToldOtherwise(metadata, name, value))
                        gathered = gathered.With($"{name} (in {key})", OwnName(name), value);
            }
            else if (!IsKohyas(metadata, key, text)) gathered = gathered.With(key, key == NetworkDropout ? "dropout" : OwnName(key), text);
        }
        string[] unreadable = FaultOfArguments(metadata) is { } fault ? [fault] : [];
        return gathered with { Arguments = [.. gathered.Arguments.Distinct()], Oddities = [.. gathered.Oddities, .. unreadable] };
    }

    // A header that is written of metadata says again what they tell.
    static bool IsToldOtherwise(IReadOnlyDictionary<string, string> metadata, string name, string text) =>
        metadata.GetValueOrDefault(name) == text || metadata.GetValueOrDefault(OwnName(name)) == text || IsKohyas(metadata, name, text);

    // kohya's dropout in PEFT's field, for programs that read that one; it is still of kohya's way.
    static bool IsKohyas(IReadOnlyDictionary<string, string> metadata, string name, string text) =>
        OwnName(name) == "lora_dropout" && metadata.TryGetValue(NetworkDropout, out var kohyas) && IsShare(kohyas, out double own)
        && IsShare(text, out double same) && own == same;

    static bool IsShare(string text, out double share) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out share) && share is > 0 and < 1;

    /// <summary>What cannot be, a sentence each: a dropout that is no share, arguments that are no object of fields.</summary>
    public IReadOnlyList<string> Oddities { get; private init; } = [];

    // What stands for none.
    static bool IsNone(string text)
    {
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share);
        return text is "" or "None" or "null" || isNumber && share == 0;
    }

    static string? FaultOfArguments(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(NetworkArguments, out var text) && !IsNone(text) && FieldsOf(text) is null
            ? $"{NetworkArguments} is no object of fields, so that the dropouts that it may tell are not known"
            : null;

    /// <summary>Whether it was trained with any.</summary>
    public bool Any => Fields.Count > 0;

    /// <summary>A sentence on a field of a file's configuration that training alone asks for.</summary>
    internal static string NotInForce(string field) => $"{field} belongs to training, and is not in force in what is read";

    /// <summary>Sentences that a reader of the file is told; in training the fields are in force.</summary>
    public IEnumerable<string> NotesOfReading => Fields.Select(NotInForce);

    /// <summary>The fields that other metadata do not tell with the same value.</summary>
    public IReadOnlyList<string> NotIn(IReadOnlyDictionary<string, string> metadata) => [.. Fields.Except(Of(metadata).Fields)];

    /// <summary>Of kohya's network_args those that tell dropouts, as they stand there; null where none does.</summary>
    internal static string? NetworkArgumentsIn(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(NetworkArguments, out var text)) return null;
        var fields = FieldsIn(text).Where(field => IsOfDropout(field.Name));
        var kept = new JsonObject(fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Name, field.Text)));
        return kept.Count == 0 ? null : PythonJson.Write(kept);
    }

    // A component's fields have its name before theirs.
    static string OwnName(string field) => field[(field.IndexOf('.', StringComparison.Ordinal) + 1)..];

    // kohya's fields, such as a caption's dropout, begin otherwise.
    static bool IsOfDropout(string name) => name == "dropout" || ways.Contains(name)
        || name.EndsWith(Suffix, StringComparison.Ordinal) && !name.StartsWith("ss_", StringComparison.Ordinal);

    TrainedDropouts With(string told, string name, string text)
    {
        if (!IsOfDropout(name)) return this;
        if (ways.Contains(name)) return WithWay(name, text.ToLowerInvariant());
        if (IsNone(text)) return this;
        if (!IsShare(text, out double share))
            return this with { Oddities = [.. Oddities, $"{told} {text} is no share from 0 to below 1: it counts as no dropout"] };
        var with = this with { Fields = [.. Fields, $"{told} {text}"] };
        return name switch
        {
            "dropout" => with with { Dropout = Math.Max(share, Dropout) },
            "rank_dropout" => with with { RankDropout = Math.Max(share, RankDropout) },
            "module_dropout" => with with { ModuleDropout = Math.Max(share, ModuleDropout) },
            // PEFT's own drops from what the adapter is asked.
            _ => with with { Dropout = Math.Max(share, Dropout), Arguments = [.. Arguments, $"{Style}={DropoutStyle.Peft.Name}"] },
        };
    }

    TrainedDropouts WithWay(string name, string word)
    {
        bool isKnown = name == Style ? DropoutStyle.All.Any(style => style.Name == word) : word is "true" or "false";
        return isKnown ? this with { Arguments = [.. Arguments, $"{name}={word}"] } : this;
    }

    // Text of other programs: what is no object of texts tells nothing.
    static List<(string Name, string Text)> FieldsIn(string json) => FieldsOf(json) ?? [];

    static List<(string Name, string Text)>? FieldsOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            return [.. document.RootElement.EnumerateObject().Select(field => (field.Name, field.Value.ToString()))];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
