using System.Text.Json;
using Lowrank.Models;
using Lowrank.Testing;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>A case of a language model: its folder, what is expected, and how near.</summary>
sealed class LanguageCase(GoldenCase golden) : LanguageCaseFacts(golden.Group.Folder, golden.Json)
{
    public string Folder => PathOf("folder");

    /// <summary>The case whose numbers it shares; itself where it shares none.</summary>
    public JsonElement Facts
    {
        get
        {
            if (golden["same_as"] is not { ValueKind: JsonValueKind.String } same) return golden.Json;
            string path = same.GetString()!;
            string group = path.StartsWith("../", StringComparison.Ordinal)
                ? $"{Path.GetDirectoryName(golden.Group.Name)!.Replace('\\', '/')}/{path[3..path.LastIndexOf('/')]}"
                : golden.Group.Name;
            return GoldenGroup.Open(group).Cases.First(other => other.Name == path[(path.LastIndexOf('/') + 1)..]).Json;
        }
    }

    public TModel Load<TModel>(string? className = null) where TModel : LanguageNetwork => Load<TModel>(Folder, className);

    /// <summary>The rows of a batch: "right" or "left".</summary>
    public LanguageInput Batch(string side) => new(Read($"{side}.input_ids"))
    {
        Mask = Has($"{side}.attention_mask") ? Read($"{side}.attention_mask") : null,
        Positions = Has($"{side}.position_ids") ? Read($"{side}.position_ids") : null,
    };

    /// <summary>Asserts that a tensor is near the one of a name, where a mask is 1.</summary>
    public void AssertClose(Tensor got, string name, string tolerance, Tensor? mask = null) => AssertClose(got, Read(name), name, Tolerance(tolerance), mask);
}
