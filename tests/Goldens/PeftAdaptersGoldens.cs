using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>PEFT's tuners on single layers: output, change of the weight, merged weight, gradients.</summary>
public sealed class PeftAdaptersGoldens
{
    const string Group = "adapters/peft";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Tuner(string name) => Golden.Run(Group, name, golden =>
    {
        RefuseOtherThanLora(golden);
        string target = golden["target"].GetString()!;
        var layer = Layer(golden, target);
        var parts = golden["adapter"].EnumerateObject().ToDictionary(p => Part(p.Name), p => Case(golden, "adapter/" + p.Name));
        var lora = new Lora(Target.Of(target, layer), parts["down"], parts["up"], alpha: Alpha(golden["config"]));
        using var adapted = new AdaptedLayerGoldens(golden, layer, lora);
        var x = Case(golden, "x");
        var gradients = adapted.Gradients(x, Case(golden, "g"));
        foreach (string what in golden["expected"].EnumerateArray().Select(e => e.GetString()!))
        {
            var got = what switch
            {
                "y" => adapted.Answer(x, 1),
                "delta" => adapted.Delta(1),
                "merged" => adapted.Merged(1),
                "grad/x" => gradients["x"],
                _ when what.StartsWith($"grad/{target}.", StringComparison.Ordinal) => gradients[Part(what)],
                _ => throw Golden.NotCovered($"no way to {what}"),
            };
            golden.AssertClose(got, Case(golden, what), what);
        }
    });

    static void RefuseOtherThanLora(GoldenCase golden)
    {
        var config = golden["config"];
        if (golden["method"].GetString() != "LORA") throw Golden.NotCovered($"the method {golden["method"]}");
        foreach (string flag in new[] { "use_dora", "lora_bias", "use_qalora" })
            if (Is(config, flag)) throw Golden.NotCovered(flag);
        if (config.TryGetProperty("bias", out var bias) && bias.GetString() != "none") throw Golden.NotCovered($"trained biases ({bias})");
        // A named initialisation starts from the base's weight, and may change it.
        if (config.TryGetProperty("init_lora_weights", out var init) && init.ValueKind == JsonValueKind.String)
            throw Golden.NotCovered($"the initialisation {init}");
    }

    // PEFT divides by the rank or its root when it loads; alpha here is always over the rank.
    static double Alpha(JsonElement config)
    {
        double alpha = config.GetProperty("lora_alpha").GetDouble(), rank = config.GetProperty("r").GetDouble();
        return Is(config, "use_rslora") ? alpha * Math.Sqrt(rank) : alpha;
    }

    static bool Is(JsonElement config, string flag) => config.TryGetProperty(flag, out var value) && value.ValueKind == JsonValueKind.True;

    static string Part(string key) => key switch
    {
        _ when key.EndsWith(".lora_A.weight", StringComparison.Ordinal) || key.EndsWith(".lora_embedding_A", StringComparison.Ordinal) => "down",
        _ when key.EndsWith(".lora_B.weight", StringComparison.Ordinal) || key.EndsWith(".lora_embedding_B", StringComparison.Ordinal) => "up",
        _ => throw Golden.NotCovered($"the part {key}"),
    };

    static AdaptableLayer Layer(GoldenCase golden, string target)
    {
        var kind = golden["layer"].GetString() switch
        {
            "linear" => LayerKind.Linear,
            "gpt2conv1d" => LayerKind.TransposedLinear,
            "embedding" => LayerKind.Embedding,
            "conv1d" => LayerKind.Conv1d,
            "conv2d" => LayerKind.Conv2d,
            "conv3d" => LayerKind.Conv3d,
            var other => throw Golden.NotCovered($"a layer of kind {other}"),
        };
        var weight = Case(golden, $"base/{target}.weight");
        bool hasBias = golden.Group.Tensors.Tensors.Any(t => t.Name == $"{golden.Name}/base/{target}.bias");
        var bias = hasBias ? Case(golden, $"base/{target}.bias") : null;
        if (kind is not (LayerKind.Conv1d or LayerKind.Conv2d or LayerKind.Conv3d)) return AdaptedLayerGoldens.Layer(kind, weight, bias);
        // What the facts leave out follows from the sizes: the padding that makes this output of this input.
        var shape = golden["shape"];
        long Fact(string name, long otherwise) => shape.TryGetProperty(name, out var value) ? value.GetInt64() : otherwise;
        var (x, y) = (Case(golden, "x").shape, Case(golden, "y").shape);
        long stride = Fact("s", 1), dilation = Fact("d", 1), reach = dilation * (weight.shape[2] - 1) + 1;
        long padding = Fact("p", Enumerable.Range(0, (int)reach).First(p => (x[^1] + 2 * p - reach) / stride + 1 == y[^1]));
        return AdaptedLayerGoldens.Layer(kind, weight, bias, stride, padding, dilation, x[1] / weight.shape[1]);
    }

    static Tensor Case(GoldenCase golden, string what) => golden.Group.Tensors.Read($"{golden.Name}/{what}");
}
