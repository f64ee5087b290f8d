using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>What kohya's trainer writes about an adapter: its hashes, the modelspec of each base model, the text of each ss_* value.</summary>
public sealed partial class KohyaMetadataGoldens
{
    const string Hashes = "files/hashes", Metadata = "files/metadata", Recipe = "window_recipe";

    static string Folder => Path.Combine(GoldenFolder.Root, "files");

    static readonly Lazy<JsonElement> hashes = new(() => Parse("hashes.json")), metadata = new(() => Parse("metadata.json"));

    static JsonElement Parse(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name))).RootElement;

    static bool Has(string name) => File.Exists(Path.Combine(Folder, name));

    public static IEnumerable<TheoryDataRow<string>> HashedFiles => Has("hashes.json")
        ? [.. hashes.Value.GetProperty("files").EnumerateArray().Select(f => new TheoryDataRow<string>(f.GetProperty("file").GetString()!))]
        : [];

    public static IEnumerable<TheoryDataRow<string>> Recipes => Has("hashes.json") && hashes.Value.TryGetProperty(Recipe, out _) ? [new(Recipe)] : [];

    public static IEnumerable<TheoryDataRow<string, string>> BaseModels => Has("metadata.json")
        ? [.. from model in metadata.Value.GetProperty("modelspec").EnumerateObject()
              from variant in model.Value.EnumerateObject()
              where variant.Value.ValueKind == JsonValueKind.Object && variant.Value.EnumerateObject().All(p => p.Name.StartsWith("modelspec.", StringComparison.Ordinal))
              select new TheoryDataRow<string, string>(model.Name, variant.Name)]
        : [];

    public static IEnumerable<TheoryDataRow<string>> FilesWithMetadata => Has("metadata.json")
        ? [.. metadata.Value.GetProperty("metadata").EnumerateObject().Select(f => new TheoryDataRow<string>(f.Name))]
        : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(HashedFiles)), Trait("kind", "goldens")]
    public void HashesOfAFile(string name) => Golden.Run(Hashes, name, () =>
    {
        var want = hashes.Value.GetProperty("files").EnumerateArray().First(f => f.GetProperty("file").GetString() == name);
        string path = Path.Combine(Folder, name);
        using (var stream = File.OpenRead(path))
            Assert.Equal(want.GetProperty("sha256_tensor_data").GetString(), KohyaHashes.Of(stream).ModelHash);
        using var file = Containers.Open(path);
        var got = KohyaHashes.Of(file.Tensors.Select(t => KeyValuePair.Create(t.Name, file.Read(t.Name))), file.Metadata);
        Assert.Equal(want.GetProperty("sshs_model_hash").GetString(), got.ModelHash);
        Assert.Equal(want.GetProperty("sshs_legacy_hash").GetString(), got.LegacyHash);
        Assert.Equal(want.GetProperty("a1111_lora_shorthash").GetString(), got.Short);

        var all = FileHashes.Of(path, file);
        Assert.Equal(want.GetProperty("sha256_file").GetString(), all.Sha256);
        Assert.Equal(want.GetProperty("autov1").GetString(), all.AutoV1);
        Assert.Equal(want.GetProperty("autov2").GetString(), all.AutoV2);
        Assert.Equal(want.GetProperty("autov3").GetString(), all.AutoV3);
        Assert.Equal((want.GetProperty("sshs_model_hash").GetString(), want.GetProperty("sshs_legacy_hash").GetString()), (all.ModelHash, all.LegacyHash));
        Assert.Empty(all.Notes);
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Recipes)), Trait("kind", "goldens")]
    public void HashesOfARecipe(string name) => Golden.Run(Hashes, name, () =>
    {
        var want = hashes.Value.GetProperty(Recipe);
        var recipe = want.GetProperty("recipe");
        var tensors = recipe.EnumerateObject().Where(t => t.Name != "__metadata__").Select(t => KeyValuePair.Create(t.Name, Made(t.Value))).ToList();
        var strings = recipe.TryGetProperty("__metadata__", out var given) ? given.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!) : [];

        using var file = new MemoryStream();
        Safetensors.Write(file, tensors, strings);
        Assert.Equal(want.GetProperty("bytes").GetInt64(), file.Length);
        var hashed = KohyaHashes.Of(tensors, strings);
        Assert.Equal(hashed, KohyaHashes.Of(file));
        Assert.Equal(want.GetProperty("sshs_model_hash").GetString(), hashed.ModelHash);
        Assert.Equal(want.GetProperty("sshs_legacy_hash").GetString(), hashed.LegacyHash);
    });

    // "(7*i + 1) mod 256" or "(i - 2) / 4" at each place i.
    static Tensor Made(JsonElement tensor)
    {
        string formula = tensor.GetProperty("value_at_i").GetString()!;
        long count = tensor.GetProperty("shape").EnumerateArray().Aggregate(1L, (product, axis) => product * axis.GetInt64());
        if (Formula().Match(formula) is not { Success: true } match) throw Golden.NotCovered($"no way to make {formula}");
        var dtype = tensor.GetProperty("dtype").GetString() switch { "U8" => ScalarType.Byte, "F32" => ScalarType.Float32, var other => throw Golden.NotCovered($"no way to make {other}") };
        long factor = match.Groups["factor"].Success ? Number(match, "factor") : 1;
        long offset = Number(match, "offset") * (match.Groups["sign"].Value == "-" ? -1 : 1);
        var line = arange(count, dtype: ScalarType.Int64) * factor + offset;
        var values = match.Groups["operator"].Value == "mod" ? line.remainder(Number(match, "divisor")) : line.to(ScalarType.Float64) / Number(match, "divisor");
        return values.to(dtype).reshape([.. tensor.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64())]);
    }

    static long Number(Match match, string group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\(((?<factor>\d+)\*)?i (?<sign>[+-]) (?<offset>\d+)\) (?<operator>mod|/) (?<divisor>\d+)$")]
    private static partial Regex Formula();

    [Theory(SkipTestWithoutData = true), MemberData(nameof(BaseModels)), Trait("kind", "goldens")]
    public void Modelspec(string model, string variant) => Golden.Run(Metadata, $"modelspec {model} {variant}", () =>
    {
        var group = metadata.Value.GetProperty("modelspec").GetProperty(model);
        var want = group.GetProperty(variant).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
        string? Text(string key) => want.GetValueOrDefault("modelspec." + key);
        int[]? Numbers(string key, char separator) => Text(key)?.Split(separator).Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();

        var size = Numbers("resolution", 'x')!;
        var spec = new ModelSpec
        {
            Family = Lowrank.Models.StableDiffusionFamilies.Of(Family(Text("architecture")!)),
            PredictsV = Text("prediction_type") == "v",
            Title = Text("title")!,
            Resolution = (size[0], size[1]),
            Date = DateTimeOffset.FromUnixTimeSeconds((long)group.GetProperty("inputs").GetProperty("timestamp").GetDouble()).UtcDateTime,
            Author = Text("author"),
            Description = Text("description"),
            License = Text("license"),
            Tags = Text("tags"),
            TriggerPhrase = Text("trigger_phrase"),
            UsageHint = Text("usage_hint"),
            MergedFrom = Text("merged_from"),
            Timesteps = Numbers("timestep_range", ',') is [var first, var last] ? (first, last) : null,
            ClipSkip = Numbers("encoder_layer", ' ') is [var layer] ? layer : null,
            ImplementationVersion = Text("implementation_version")!,
        };
        Assert.Equal(want.OrderBy(p => p.Key, StringComparer.Ordinal), spec.ToMetadata().OrderBy(p => p.Key, StringComparer.Ordinal));
    });

    static string Family(string architecture) => architecture switch
    {
        _ when architecture.StartsWith("stable-diffusion-v1", StringComparison.Ordinal) => "sd1",
        _ when architecture.StartsWith("stable-diffusion-v2", StringComparison.Ordinal) => "sd2",
        _ when architecture.StartsWith("stable-diffusion-xl", StringComparison.Ordinal) => "sdxl",
        _ => throw Golden.NotCovered($"no adapters for {architecture}"),
    };

    [Theory(SkipTestWithoutData = true), MemberData(nameof(FilesWithMetadata)), Trait("kind", "goldens")]
    public void ValuesOfAFile(string name) => Golden.Run(Metadata, name, () =>
    {
        string path = Path.Combine(Folder, "adapters", name + ".safetensors");
        using var file = Containers.Open(path);
        foreach (var entry in metadata.Value.GetProperty("metadata").GetProperty(name).EnumerateObject())
        {
            string text = entry.Value.GetProperty("value").GetString()!;
            Assert.Equal(text, file.Metadata[entry.Name]);
            object? value = entry.Value.GetProperty("type").GetString() switch
            {
                "none" => null,
                "bool" => text == "True",
                "int" => long.Parse(text, CultureInfo.InvariantCulture),
                "float" => double.Parse(text, CultureInfo.InvariantCulture),
                "json" => JsonNode.Parse(text),
                _ => (object)text,
            };
            Assert.Equal(text, KohyaMetadata.Text(value));
        }
    });
}
