using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Torch;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>loralib's layers: what they answer, and their merged weights.</summary>
public sealed class LanguageLoralibGoldens
{
    static readonly GoldenList list = new("language/adapters", "loralib_cases.json");

    public static IEnumerable<TheoryDataRow<string>> Cases => list.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Layers(string name) => list.Run(name, json =>
    {
        using var file = list.Tensors("loralib.expected.safetensors");
        Tensor Read(string part) => file.Read($"{name}.{part}");
        var kind = name switch
        {
            "embedding" => LayerKind.Embedding,
            "conv2d" => LayerKind.Conv2d,
            _ => json.GetProperty("fan_in_fan_out").GetBoolean() ? LayerKind.TransposedLinear : LayerKind.Linear,
        };
        string at = kind == LayerKind.Conv2d ? "conv." : "";
        bool hasBias = file.Tensors.Any(tensor => tensor.Name == $"{name}.{at}bias");
        var (weight, y, x) = (Read($"{at}weight"), Read("y"), Read("x"));
        long padding = kind == LayerKind.Conv2d && y.shape[^1] == x.shape[^1] ? weight.shape[^1] / 2 : 0;
        using var layer = AdaptedLayerGoldens.Layer(kind, weight, hasBias ? Read($"{at}bias") : null, padding: padding);
        using var made = Made(json, Target.Of("layer", layer), Read("lora_A"), Read("lora_B"));
        var adapted = new AdaptedLayerGoldens(null!, layer, made);
        double near = JsonDocument.Parse(File.ReadAllText(Path.Combine(list.Folder, "loralib_cases.json"))).RootElement.GetProperty("tolerance").GetProperty("abs").GetDouble();
        using var grad = no_grad();
        GoldenList.AssertClose(y, adapted.Answer(x, 1), $"{name}.y", near, 0);
        GoldenList.AssertClose(Read("merged_weight"), adapted.Merged(1), $"{name}.merged_weight", near, 0);
    });

    // As a checkpoint of loralib holds them, which tells neither alpha nor slices: those are given.
    static Reparameterization Made(JsonElement json, Target target, Tensor down, Tensor up)
    {
        double scaling = json.GetProperty("scaling").GetDouble();
        if (json.GetProperty("enable_lora") is { ValueKind: JsonValueKind.Array } slices)
        {
            var options = new MergedLoraOptions(json.GetProperty("r").GetInt32(), json.GetProperty("lora_alpha").GetDouble()) { Slices = [.. slices.EnumerateArray().Select(slice => slice.GetBoolean())] };
            var parts = new Dictionary<string, Tensor> { ["down"] = down, ["up"] = up, ["alpha"] = tensor((float)json.GetProperty("lora_alpha").GetDouble(), device: CPU) };
            return Methods.Named("merged-lora").FromParts(target, new StoredParts(parts, JsonSerializer.SerializeToElement(new { enable_lora = options.Written })));
        }
        if (!target.IsConvolution) return new Lora(target, down, up, alpha: scaling * down.shape[0]);
        var layout = Dialects.Named("loralib").Layout;
        var read = layout.Read(new(null!, "layer", Lora.Descriptor), target, new Dictionary<string, Tensor> { ["down"] = down, ["up"] = up }, new Initialization());
        return new Lora(target, read["down"], read["up"], alpha: scaling * read["down"].shape[0]);
    }
}
