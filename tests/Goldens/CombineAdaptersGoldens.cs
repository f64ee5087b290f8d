using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Adapters combined as PEFT does it, merged and resized as kohya does it, extracted as kohya and LyCORIS do it.</summary>
public sealed class CombineAdaptersGoldens
{
    const string Group = "adapters/combine";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Combination(string name) => Golden.Run(Group, name, golden =>
    {
        var made = new CombineCase(golden);
        switch (golden["op"].GetString())
        {
            case "add_weighted_adapter": AddWeighted(made); break;
            case "merge_lora.merge_lora_models": KohyaMerged(made); break;
            case "svd_merge_lora.merge_lora_models": KohyaSvdMerged(made); break;
            case "merge_lora.merge_to_sd_model": MergedIntoModel(made); break;
            case "resize_lora.resize_lora_model": Resized(made); break;
            case "extract_lora_from_models.svd": CombineExtraction.Kohya(made); break;
            case "lycoris.extract_diff": CombineExtraction.Lycoris(made); break;
            default: throw Golden.NotCovered($"the operation {golden["op"]}");
        }
    });

    static void AddWeighted(CombineCase made)
    {
        var golden = made.Golden;
        var adapters = made.PeftAdapters();
        var options = golden["options"];
        var masks = made.Masks();
        var combination = Lowrank.Adapters.Combination.Named(golden["combination_type"].GetString()!);
        var asked = new CombineOptions
        {
            Rank = options.TryGetProperty("svd_rank", out var rank) ? RankChoice.Fixed(rank.GetInt32()) : null,
            Density = options.TryGetProperty("density", out var density) ? density.GetDouble() : 1,
            Majority = options.TryGetProperty("majority_sign_method", out var method) && method.GetString() == "frequency" ? MajoritySign.Frequency : MajoritySign.Total,
            Masks = masks.Count > 0 ? _ => masks.Dequeue() : null,
        };
        using var combined = AdapterCombination.Combine(adapters, combination, asked);
        var lora = (Lora)combined.Adapter.Targets.Values.Single();
        Assert.Equal(golden["new_rank"].GetInt32(), lora.Rank);
        Assert.Equal(1, lora.Scale);
        var (up, down) = CombineCase.Factors(lora);
        if (options.TryGetProperty("svd_clamp", out var clamp))
        {
            (up, down) = CombineCase.Aligned(up, down, made.Read("out/lora_A.weight"));
            (up, down) = FactorClamp.Clamp(up, down, clamp.GetDouble());
        }
        // Where the new adapter inherits a rank-stabilized scale the peer's change is too strong by it; ours is the sum.
        double inherited = golden["new_scaling"].GetDouble();
        var delta = up.mm(down);
        if (inherited != 1) made.Close(delta, made.Read("exact_weighted_sum"), "the exact sum");
        foreach (string what in golden["expected"].EnumerateArray().Select(e => e.GetString()!))
            made.Close(what switch
            {
                "out/delta" => delta * inherited,
                "out/lora_A.weight" => down,
                "out/lora_B.weight" => up,
                "out/singular_values" => tensor(TruncatedSvd.OfProduct(up, down).Spectrum.Values.ToArray()),
                _ => throw Golden.NotCovered($"no way to {what}"),
            }, made.Read(what), what);
        if (combination == Lowrank.Adapters.Combination.Concatenated) made.Close(delta, made.Read("exact_weighted_sum"), "the exact sum");
    }

    static void KohyaMerged(CombineCase made)
    {
        bool concatenate = made.Golden["options"].TryGetProperty("concat", out var concat) && concat.GetBoolean();
        using var merged = KohyaMerge.Merge(made.KohyaAdapters(), concatenate);
        using var exact = AdapterCombination.Combine(made.KohyaAdapters(), Lowrank.Adapters.Combination.Concatenated);
        foreach (var (layer, facts) in made.Layers)
        {
            var lora = (Lora)merged.Targets[layer];
            Assert.Equal(facts.GetProperty("rank").GetInt32(), lora.Rank);
            Assert.Equal(facts.GetProperty("alpha").GetDouble(), lora.Alpha, 1e-5);
            made.Written(layer, CombineCase.Factors(lora));
            made.Close(CombineCase.Delta(lora), made.Read($"delta/{layer}"), $"kohya's delta of {layer}");
            // What it should be is the sum of the weighted changes.
            made.Close(CombineCase.Delta(exact.Adapter.Targets[layer]), made.Read($"exact_weighted_sum/{layer}"), $"the exact sum of {layer}");
        }
    }

    static void KohyaSvdMerged(CombineCase made)
    {
        var golden = made.Golden;
        using var merged = KohyaMerge.SvdMerge(made.KohyaAdapters(), golden["new_rank"].GetInt32(), golden["new_conv_rank"].GetInt32(), clamp: null);
        foreach (var report in merged.Targets)
        {
            string layer = report.Target.Path;
            var lora = (Lora)merged.Adapter.Targets[layer];
            var facts = made.Layers[layer];
            Assert.Equal(facts.GetProperty("rank").GetInt32(), lora.Rank);
            Assert.Equal(facts.GetProperty("alpha").GetDouble(), lora.Alpha, 1e-5);
            made.Close(tensor(report.Spectrum!.Values.ToArray()), made.Read($"singular_values/{layer}"), $"singular values of {layer}");
            made.WrittenVectors(layer, CombineCase.Factors(lora), [.. report.Spectrum!.Values], golden["clamp_quantile"].GetDouble());
        }
    }

    static void MergedIntoModel(CombineCase made)
    {
        var adapters = made.KohyaAdapters();
        foreach (var layer in made.Layers.Keys)
        {
            var target = adapters.Select(a => a.Adapter.Targets.GetValueOrDefault(layer)).First(t => t is not null)!.Target;
            var weight = target.ToMatrix(made.Read($"base/{layer}"));
            foreach (var (adapter, ratio) in adapters)
                if (adapter.Targets.TryGetValue(layer, out var one)) weight = one.Apply(weight, ratio);
            made.Close(weight, made.Read($"merged/{layer}"), $"merged {layer}");
        }
    }

    static void Resized(CombineCase made)
    {
        var golden = made.Golden;
        string? rule = golden["dynamic_method"].GetString();
        var options = ResizeOptions.Kohya(golden["new_rank"].GetInt32(), golden["new_conv_rank"].GetInt32(), rule, rule is null ? 0 : golden["dynamic_param"].GetDouble());
        using var resized = AdapterResizing.Resize(made.KohyaAdapters().Single().Adapter, options);
        foreach (var report in resized.Targets)
        {
            string layer = report.Target.Path;
            var lora = (Lora)resized.Adapter.Targets[layer];
            var facts = made.Layers[layer];
            Assert.Equal(facts.GetProperty("rank").GetInt32(), lora.Rank);
            Assert.Equal(facts.GetProperty("old_rank").GetInt32(), report.OldRank);
            Assert.Equal(facts.GetProperty("alpha").GetDouble(), lora.Alpha, 1e-5);
            Assert.Equal(facts.GetProperty("sum_retained").GetDouble(), report.SumRetained!.Value, 1e-4);
            Assert.Equal(facts.GetProperty("fro_retained").GetDouble(), report.NormRetained!.Value, 1e-4);
            // kohya's values are those of up·down, ours of the change.
            made.Close(tensor(report.Spectrum!.Values.Select(v => v / lora.Scale).ToArray()), made.Read($"singular_values/{layer}"), $"singular values of {layer}");
            made.Close(CombineCase.Delta(lora), made.Read($"delta/{layer}"), $"delta of {layer}");
        }
    }
}
