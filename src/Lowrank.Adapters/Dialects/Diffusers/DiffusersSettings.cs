using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>What the metadata of a diffusers file tell, as PEFT's configurations.</summary>
/// <param name="Components">By component; of fields without one under "".</param>
/// <param name="Unreadable">Why they cannot be read; null where they can.</param>
sealed record DiffusersSettings(IReadOnlyDictionary<string, PeftConfig> Components, string? Unreadable)
{
    /// <summary>The field of the metadata that holds them.</summary>
    public const string Field = "lora_adapter_metadata";

    // Each layer asks for them.
    static readonly ConditionalWeakTable<ITensorFile, DiffusersSettings> known = [];

    /// <summary>The settings of a file.</summary>
    public static DiffusersSettings Of(ITensorFile file) => known.GetValue(file, ReadOrTell);

    /// <summary>What keeps them from being understood.</summary>
    public IReadOnlyList<string> Faults { get; } = Unreadable is null
        ? [.. Components.Values.SelectMany(config => config.Faults()).Distinct()]
        : [Unreadable];

    /// <summary>The settings for a layer: a component's fields have its name before theirs; where one was saved alone, none has.</summary>
    public PeftConfig? For(string path) => Components.GetValueOrDefault(path.Split('.')[0]) ?? Components.GetValueOrDefault("");

    static DiffusersSettings ReadOrTell(ITensorFile file)
    {
        try
        {
            return new(Read(file), null);
        }
        catch (JsonException error)
        {
            return new(new Dictionary<string, PeftConfig>(), $"the metadata's {Field} is no JSON: {JsonFault.Of(error)}");
        }
        catch (LowrankException error)
        {
            return new(new Dictionary<string, PeftConfig>(), error.Message);
        }
    }

    static Dictionary<string, PeftConfig> Read(ITensorFile file)
    {
        if (!file.Metadata.TryGetValue(Field, out var text)) return [];
        using var document = StrictJson.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new LowrankException($"the metadata's {Field} holds no object of fields");
        var components = document.RootElement.EnumerateObject().DistinctBy(field => field.Name).GroupBy(field => ComponentOf(field.Name));
        return components.Where(IsConfig).ToDictionary(component => component.Key, Config);
    }

    static string ComponentOf(string field) => field.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? field[..dot] : "";

    static bool IsConfig(IGrouping<string, JsonProperty> component) =>
        component.Key.Length > 0 || component.Any(field => field.NameEquals("lora_alpha"));

    static PeftConfig Config(IGrouping<string, JsonProperty> component)
    {
        int start = component.Key.Length == 0 ? 0 : component.Key.Length + 1;
        return new(PlainJson.Element(component.ToDictionary(field => field.Name[start..], field => field.Value)));
    }
}
