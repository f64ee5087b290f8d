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
        if (Missing(golden) is { } reason) throw Golden.NotCovered(reason);
        string target = golden["target"].GetString()!;
        var layer = Layer(golden, target);
        if (golden["config"].TryGetProperty("init_lora_weights", out var init) && init.ValueKind == JsonValueKind.String)
        {
            PeftInitialization.Check(golden, layer);
            return;
        }
        var folder = new PeftCase(golden).Folder();
        using var adapter = AdapterFile.Read(folder, PeftCase.Model(golden, layer));
        var reparameterization = adapter.Targets.Values.Single();
        using var adapted = new AdaptedLayerGoldens(golden, layer, reparameterization);
        reparameterization.eval();
        var x = Case(golden, "x");
        bool sane = !Is(golden.Json, "peer_merge_differs") && !Is(golden.Json, "peer_differs_from_definition");
        var expected = golden["expected"].EnumerateArray().Select(e => e.GetString()!).ToList();
        if (Is(golden.Json, "peer_differs_from_definition"))
        {
            // The peer's own slip: what it gives is not ours, which the laws hold to the definition.
            Assert.False(adapted.Delta(1).allclose(Case(golden, "delta"), golden.Rtol, golden.Atol), $"{name} agrees with a peer that differs from the definition");
            return;
        }
        var gradients = expected.Exists(e => e.StartsWith("grad/", StringComparison.Ordinal)) ? adapted.Gradients(x, Case(golden, "g"), training: false) : null;
        // PEFT's gradients are of a forward while training: where that one drew random numbers nobody can have them again.
        bool drawn = golden["train_forward_max_abs_diff"] is { ValueKind: JsonValueKind.Number } other && other.GetDouble() > 100 * golden.Atol;
        foreach (string what in expected)
        {
            // Where forward and merge disagree the merged weight is the definition.
            if (!sane && (what == "y" || what.StartsWith("grad/", StringComparison.Ordinal))) continue;
            var got = what switch
            {
                "y" => adapted.Answer(x, 1),
                "delta" => Delta(golden, adapted, reparameterization),
                "delta_part0" or "delta_part1" => null,   // held by merged
                "merged" => adapted.Merged(1),
                "merged_bias" => adapted.MergedBias(1),
                _ when what.StartsWith("grad/", StringComparison.Ordinal) && drawn => null,
                // Where PEFT's own backward slips, what was recorded is the slip; the laws hold ours to the formula.
                _ when PeftSlips.Of(golden, what, layer, reparameterization) is { } slipped => slipped,
                "grad/x" => gradients!["x"],
                _ when what.StartsWith($"grad/{target}.", StringComparison.Ordinal) => gradients![Part(golden, what[$"grad/{target}".Length..]).Replace('.', '_')],
                _ => throw Golden.NotCovered($"no way to {what}"),
            };
            var want = Case(golden, what);
            if (got is not null) golden.AssertClose(got.numel() == want.numel() ? got.reshape(want.shape) : got, want, what);
        }
    });

    static string? Missing(GoldenCase golden)
    {
        string method = golden["method"].GetString()!;
        if (!PeftTypesKnown(method)) return $"the method {method}";
        return null;
    }

    static bool PeftTypesKnown(string method) => new PeftConfig(JsonSerializer.SerializeToElement(new { peft_type = method })).Faults().FirstOrDefault() is null;

    // PEFT gives a rotation where the method rotates; there the merged weight is compared alone.
    static Tensor? Delta(GoldenCase golden, AdaptedLayerGoldens adapted, Reparameterization made)
    {
        if (!Is(golden.Json, "delta_shape_is_weight_shape")) return null;
        // DoRA's is that of the LoRA inside.
        // HiRA's is what multiplies the weight.
        if (made is Hira hira) return made.Target.FromMatrix(hira.Multiplier);
        if (made is not Dora { Inner: var inner }) return adapted.Delta(1);
        return made.Target.FromMatrix(inner.Delta(zeros(made.Target.Out, made.Target.Columns)));
    }

    // The part that a live parameter is, by the suffix with which a file would hold it.
    static string Part(GoldenCase golden, string suffix)
    {
        var spelling = Dialects.Named("peft").Spelling;
        var found = spelling.Suffixes.FirstOrDefault(s => s.Suffix == suffix);
        return found.Part ?? spelling.SharedPart("base_model" + suffix) ?? throw Golden.NotCovered($"the part {suffix}");
    }

    static bool Is(JsonElement config, string flag) => config.TryGetProperty(flag, out var value) && value.ValueKind == JsonValueKind.True;

    static AdaptableLayer Layer(GoldenCase golden, string target)
    {
        var kind = golden["layer"].GetString() switch
        {
            "linear" => LayerKind.Linear,
            "gpt2conv1d" => LayerKind.TransposedLinear,
            "embedding" => LayerKind.Embedding,
            "layernorm" => LayerKind.Norm,
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
