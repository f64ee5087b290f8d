using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Cases of extraction: two models of single layers, and what the peer wrote.</summary>
static class CombineExtraction
{
    /// <summary>kohya's: models under base/ and tuned/, by component; layers are named lora_COMPONENT_PATH.</summary>
    public static void Kohya(CombineCase made)
    {
        var golden = made.Golden;
        const string Weight = ".weight";
        var targets = made.Names("base").Where(n => n.EndsWith(Weight, StringComparison.Ordinal)).Select(n => n[..^Weight.Length].Replace('/', '.'))
            .ToDictionary(path => "lora_" + path.Replace('.', '_'), path => CombineCase.TargetOf(path, made.Read($"base/{Key(path)}{Weight}").shape));
        // Without a rank for convolutions the peer looks at the modules of transformers alone, which the case does not tell apart.
        bool all = golden["conv_dim"].ValueKind == System.Text.Json.JsonValueKind.Number;
        var options = ExtractOptions.Kohya(golden["dim"].GetInt32(), all ? golden["conv_dim"].GetInt32() : null) with
        {
            Clamp = null, LeastDifference = role => role == ComponentRole.Denoiser ? 0 : golden["min_diff"].GetDouble(),
            Roles = new Dictionary<string, ComponentRole> { ["unet"] = ComponentRole.Denoiser },
        };
        WeightSource Model(string which) => (target, part) => part == "weight" ? made.Read($"{which}/{Key(target.Path)}{Weight}") : null;
        using var extracted = AdapterExtraction.Extract(
            targets.Where(t => all || made.Layers.ContainsKey(t.Key)).Select(t => t.Value), Model("tuned"), Model("base"), options);

        Assert.Equal(made.Layers.Keys.Order(), extracted.Targets.Select(t => targets.Single(pair => pair.Value == t.Target).Key).Order());
        foreach (var (layer, facts) in made.Layers)
        {
            var lora = (Lora)extracted.Adapter.Targets[targets[layer].Path];
            Assert.Equal(facts.GetProperty("rank").GetInt32(), lora.Rank);
            Assert.Equal(facts.GetProperty("alpha").GetDouble(), lora.Alpha, 1e-5);
            made.WrittenVectors(
                layer, CombineCase.Factors(lora), [.. extracted.Targets.First(t => t.Target.Path == targets[layer].Path).Spectrum!.Values], golden["clamp_quantile"].GetDouble());
        }
    }

    // component.path as the file has it, component/path
    static string Key(string path) => path.IndexOf('.') is var dot ? path[..dot] + "/" + path[(dot + 1)..] : path;

    /// <summary>LyCORIS's: two models that several cases share.</summary>
    public static void Lycoris(CombineCase made)
    {
        var golden = made.Golden;
        var file = golden.Group.Tensors;
        string models = golden["models"].GetString()!, mode = golden["mode"].GetString()!;
        var names = made.Under($"{models}/base/").ToHashSet();
        var targets = names.Where(n => n.EndsWith(".weight", StringComparison.Ordinal)).Select(n => n[..^".weight".Length])
            .ToDictionary(layer => layer, layer => CombineCase.TargetOf(layer, file.Read($"{models}/base/{layer}.weight").shape));
        WeightSource Model(string which) => (target, part) => names.Contains($"{target.Path}.{part}") ? file.Read($"{models}/{which}/{target.Path}.{part}") : null;
        // LyCORIS knows quantiles by two names.
        RankRule Rule(string parameter) => RankRule.Named(mode == "percentile" ? "quantile" : mode, golden[parameter].GetDouble());
        var asked = golden["options"];
        bool Switch(string name, bool otherwise) => asked.TryGetProperty(name, out var on) ? on.GetBoolean() : otherwise;
        var options = ExtractOptions.Lycoris(mode == "full" ? RankChoice.Fixed(1) : new RankChoice(Rule("linear_param"), Rule("conv_param"))) with
        {
            Whole = mode == "full", Tucker = Switch("small_conv", true),
            Sparsity = Switch("use_bias", false) ? asked.TryGetProperty("sparsity", out var sparsity) ? sparsity.GetDouble() : 0.98 : null,
        };
        bool whole = made.Layers.Values.Any(facts => facts.GetProperty("kind").GetString() == "full");
        if (whole && Methods.All.All(m => m.Name != "full")) throw Golden.NotCovered("layers that are held whole");
        using var extracted = AdapterExtraction.Extract(targets.Values, Model("tuned"), Model("base"), options);

        Assert.Equal(made.Layers.Keys.Order(), extracted.Targets.Select(t => t.Target.Path).Order());
        foreach (var report in extracted.Targets)
        {
            string layer = report.Target.Path;
            var facts = made.Layers[layer];
            var one = extracted.Adapter.Targets[layer];
            var parts = one.Parts.ToDictionary(p => p.Part, p => p.Value.detach());
            if (facts.GetProperty("kind").GetString() == "full")
            {
                Assert.Equal(0, report.Rank);
                foreach (var (part, value) in parts) made.Close(value, made.Out(layer, part), $"{part} of {layer}");
                Assert.Equal(made.Names("out").Count(n => n.EndsWith($"_{layer}.{parts.Keys.First()}", StringComparison.Ordinal) || n.Contains($"_{layer}.", StringComparison.Ordinal)), parts.Count);
                continue;
            }
            Assert.Equal(facts.GetProperty("rank").GetInt32(), report.Rank);
            Assert.Equal(facts.GetProperty("alpha").GetDouble(), parts["alpha"].ToDouble(), 1e-5);
            var lora = one is SparseRest { Inner: var inner } ? inner : (Lora)one;
            var delta = CombineCase.Delta(lora);
            made.Close(delta, made.Read($"delta/{layer}"), $"delta of {layer}");
            var change = file.Read($"{models}/tuned/{layer}.weight") - file.Read($"{models}/base/{layer}.weight");
            Assert.Equal(facts.GetProperty("relative_frobenius_error").GetDouble(), ((change - delta).norm() / change.norm()).ToDouble(), 2e-3);
            if (options.Sparsity is not null) Sparse(made, layer, parts);
        }
    }

    static void Sparse(CombineCase made, string layer, Dictionary<string, Tensor> parts)
    {
        made.Close(parts["bias_indices"], made.Out(layer, "bias_indices"), $"places of the rest of {layer}");
        made.Close(parts["bias_values"], made.Out(layer, "bias_values"), $"the rest of {layer}");
        made.Close(parts["bias_size"], made.Out(layer, "bias_size"), $"size of the rest of {layer}");
    }
}
