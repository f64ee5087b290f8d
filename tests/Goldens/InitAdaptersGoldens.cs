using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>How fresh adapters are drawn: the peers' very numbers from their seed, and the statistics of many draws.</summary>
public sealed class InitAdaptersGoldens
{
    const string Group = "adapters/init";

    static readonly string[] methods = ["locon", "lora", "lora_conv", "lora_emb"], ranks = ["lora_dim", "r"];

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    public static IEnumerable<TheoryDataRow<string>> ExactCases => Exact.Select(c => new TheoryDataRow<string>(c.Name));

    static IEnumerable<GoldenCase> Exact =>
        GoldenFolder.Groups.Contains(Group) && GoldenGroup.Open(Group) is var group && group.Json.TryGetProperty("exact", out var list)
            ? list.EnumerateArray().Select(json => new GoldenCase(group, json))
            : [];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(ExactCases)), Trait("kind", "goldens")]
    public void Numbers(string name) => Golden.Run(Group, name, () =>
    {
        var golden = Exact.First(c => c.Name == name);
        var parts = golden["tensors"].EnumerateArray().Select(t => t.GetString()!).ToDictionary(tensor => tensor, Part);
        if (!parts.ContainsValue("down") || parts.ContainsValue("")) throw Golden.NotCovered("not a LoRA");
        if (golden["order"].GetString()!.Contains("N(", StringComparison.Ordinal)) throw Golden.NotCovered("drawn from a normal distribution");
        var want = parts.ToDictionary(p => p.Value, p => golden.Group.Tensors.Read($"{name}/{p.Key}"));

        var (down, up) = (want["down"], want["up"]);
        var generator = new Generator((ulong)golden["seed"].GetInt64());
        // What the peers draw first and throw away.
        foreach (var factor in new[] { down, up }) rand(factor.shape, generator: generator).Dispose();
        var target = new Target("layer", down.dim() == 2 ? LayerKind.Linear : LayerKind.Conv2d, [up.shape[0], .. down.shape[1..]]);
        using var lora = Fresh(target, (int)down.shape[0], want.GetValueOrDefault("alpha")?.ToDouble(), generator);
        foreach (var (part, value) in lora.Parts.Where(p => want.ContainsKey(p.Part))) golden.AssertClose(value, want[part], part);
    });

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Statistics(string name) => Golden.Run(Group, name, golden =>
    {
        if (!methods.Contains(golden["method"].GetString())) throw Golden.NotCovered($"the method {golden["method"]}");
        if (golden["options"].EnumerateObject().Select(option => option.Name).FirstOrDefault(option => !ranks.Contains(option)) is { } other)
            throw Golden.NotCovered(other);
        int rank = golden["options"].EnumerateObject().Single().Value.GetInt32();
        var factors = golden["factors"].EnumerateObject().ToDictionary(f => Part(f.Name), f => f);
        int draws = factors["down"].Value.GetProperty("draws").GetInt32();
        var generator = new Generator(1);
        var drawn = Enumerable.Range(0, draws).Select(_ => Fresh(TargetOf(golden), rank, null, generator)).ToList();
        foreach (var (part, factor) in factors)
        {
            var values = stack(drawn.Select(lora => lora.Parts.First(p => p.Part == part).Value.detach()));
            Assert.Equal(factor.Value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64()), values.shape[1..]);
            double bound = golden["kaiming_bound"].GetProperty(factor.Name).GetDouble();
            AssertAlike(factor.Value, bound, values, $"{name}: {part}");
        }
        drawn.ForEach(lora => lora.Dispose());
    });

    // Two samples of one distribution: each mean strays by σ/√n, each deviation by σ·√((κ-1)/4n), with κ = 1.8 if uniform and 3 if
    // normal. Allowed are six times that.
    static void AssertAlike(JsonElement want, double bound, Tensor values, string what)
    {
        double Number(string name) => want.GetProperty(name).GetDouble();
        double min = values.min().ToDouble(), max = values.max().ToDouble();
        if (want.GetProperty("constant").GetBoolean())
        {
            Assert.Equal((Number("min"), Number("max")), (min, max));
            return;
        }
        bool uniform = Number("max") <= bound && Number("min") >= -bound;
        double deviation = Number("std"), once = Math.Sqrt(2.0 / values.numel());
        Assert.Equal(Number("mean"), values.mean().ToDouble(), 6 * once * deviation);
        Assert.Equal(deviation, values.std().ToDouble(), 6 * once * deviation * Math.Sqrt(((uniform ? 1.8 : 3) - 1) / 4));
        if (!uniform) return;
        Assert.True(min >= -bound && max <= bound && max > 0.98 * bound && min < -0.98 * bound, $"{what}: {min} to {max}, the bound is {bound}");
    }

    static Target TargetOf(GoldenCase golden)
    {
        long inputs = golden["inf"].GetInt64(), outputs = golden["out"].GetInt64();
        return golden["layer"].GetString() switch
        {
            "linear" => new Target("layer", LayerKind.Linear, [outputs, inputs]),
            "conv3" or "conv2d" => new Target("layer", LayerKind.Conv2d, [outputs, inputs, 3, 3]),
            "embedding" => new Target("layer", LayerKind.Embedding, [inputs, outputs]),
            var other => throw Golden.NotCovered($"a layer of kind {other}"),
        };
    }

    static Reparameterization Fresh(Target target, int rank, double? alpha, Generator generator) =>
        Lora.Descriptor.Create(target, new LoraOptions(rank, alpha), new Initialization(generator));

    static readonly string[] downs = ["lora_down", "lora_A", "lora_embedding_A"], ups = ["lora_up", "lora_B", "lora_embedding_B"];

    // A tensor is named LAYER.PART.weight, or a piece of that.
    static string Part(string tensor)
    {
        string[] pieces = tensor.Split('.');
        return tensor == "alpha" ? "alpha" : pieces.Any(downs.Contains) ? "down" : pieces.Any(ups.Contains) ? "up" : "";
    }
}
