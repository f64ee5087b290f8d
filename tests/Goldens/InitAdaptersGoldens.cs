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

    static readonly string[] ranks = ["lora_dim", "r"];

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
        var names = golden["tensors"].EnumerateArray().Select(t => t.GetString()!).ToList();
        var want = names.ToDictionary(tensor => tensor, tensor => golden.Group.Tensors.Read($"{name}/{tensor}"));
        string order = golden["order"].GetString()!;
        using var generator = new Generator((ulong)golden["seed"].GetInt64());
        var begin = new Initialization(generator);
        var got = names.Any(tensor => LoraPart(tensor) == "down") ? FreshLora(want, order, begin)
            : names.SequenceEqual(["weight", "bias"]) ? Layer(want, begin)
            : names.SequenceEqual(["vera_A", "vera_B"]) ? VeraProjections(want, (int)golden["seed"].GetInt64())
            : names.SequenceEqual(["w"]) ? new() { ["w"] = One(want["w"].shape, order, begin) }
            : names.TrueForAll(n => n.StartsWith("hada_", StringComparison.Ordinal) || n.StartsWith("lokr_", StringComparison.Ordinal) || n == "alpha") ? FreshOfLycoris(want, begin)
            : names.ToDictionary(n => n, n => Drawn(n, want[n], generator));
        foreach (string tensor in names) golden.AssertClose(got[tensor].to(want[tensor].dtype), want[tensor], tensor);
    });

    static Dictionary<string, Tensor> FreshLora(Dictionary<string, Tensor> want, string order, Initialization begin)
    {
        var parts = want.ToDictionary(t => LoraPart(t.Key), t => t);
        var (down, up) = (parts["down"].Value, parts["up"].Value);
        // What the peers draw first and throw away.
        foreach (var factor in new[] { down, up }) rand(factor.shape, generator: begin.Generator).Dispose();
        var target = new Target("layer", down.dim() == 2 ? LayerKind.Linear : LayerKind.Conv2d, [up.shape[0], .. down.shape[1..]]);
        var options = new LoraOptions((int)down.shape[0], parts.TryGetValue("alpha", out var alpha) ? alpha.Value.ToDouble() : null) { Init = order.Contains("N(", StringComparison.Ordinal) ? "gaussian" : "kaiming" };
        var lora = Lora.Descriptor.Create(target, options, begin);
        return lora.Parts.Where(p => parts.ContainsKey(p.Part)).ToDictionary(p => parts[p.Part].Key, p => p.Value);
    }

    static Dictionary<string, Tensor> FreshOfLycoris(Dictionary<string, Tensor> want, Initialization begin)
    {
        var suffixes = want.Keys.ToDictionary(name => name, name => Dialects.Named("kohya").Spelling.Suffixes.Where(s => s.Suffix == "." + name).ToList());
        var method = Methods.All.FirstOrDefault(m => suffixes.Values.All(list => list.Any(s => s.Method == m.Name || s.Method.Length == 0))) ?? throw Golden.NotCovered($"the method of {want.Keys.First()}");
        string Part(string name) => suffixes[name].First(s => s.Method == method.Name || s.Method.Length == 0).Part;
        var shapes = want.ToDictionary(t => Part(t.Key), t => t.Value.shape);
        var facts = method.Facts(shapes) ?? throw Golden.NotCovered("shapes that do not tell the layer");
        var target = new Target("layer", LayerKind.Linear, [facts.Out!.Value, facts.In!.Value]);
        double? alpha = want.TryGetValue("alpha", out var stored) ? stored.ToDouble() : null;
        var made = method.Create(target, method.OwnOptions(new MethodOptions((int)facts.Rank, alpha)), begin);
        return want.Keys.ToDictionary(name => name, name => PartOf(made, Part(name)));
    }

    // PyTorch's own layers: the weight, then the bias, both uniform in the same bound.
    static Dictionary<string, Tensor> Layer(Dictionary<string, Tensor> want, Initialization begin)
    {
        var shape = want["weight"].shape;
        var weight = begin.Kaiming(shape);
        return new() { ["weight"] = weight, ["bias"] = begin.Uniform(1 / Math.Sqrt(shape[1..].Aggregate(1L, (product, axis) => product * axis)), shape[0]) };
    }

    static Dictionary<string, Tensor> VeraProjections(Dictionary<string, Tensor> want, int seed)
    {
        var (a, b) = (want["vera_A"], want["vera_B"]);
        var target = new Target("layer", LayerKind.Linear, [b.shape[0], a.shape[1]]);
        var options = new VeraOptions(new MethodOptions((int)a.shape[0])) { ProjectionSeed = seed };
        var made = Vera.Descriptor.Create(target, options, new Initialization());
        return new() { ["vera_A"] = PartOf(made, "A"), ["vera_B"] = PartOf(made, "B") };
    }

    static Tensor One(long[] shape, string order, Initialization begin)
    {
        if (order.Contains("kaiming_uniform_", StringComparison.Ordinal)) return begin.Kaiming(shape);
        var normal = System.Text.RegularExpressions.Regex.Match(order, @"normal_\(std ([0-9.]+)\)");
        return normal.Success ? begin.Normal(double.Parse(normal.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), shape) : throw Golden.NotCovered(order);
    }

    // Numbers as they come, in the order of their names.
    static Tensor Drawn(string name, Tensor want, Generator generator) => name switch
    {
        _ when name.StartsWith("randn", StringComparison.Ordinal) => randn(want.shape, generator: generator),
        "randint" => randint(0, 1000, want.shape, generator: generator),
        _ when name.StartsWith("perm", StringComparison.Ordinal) => randperm(want.numel(), generator: generator),
        _ when name.StartsWith("rand", StringComparison.Ordinal) => rand(want.shape, generator: generator),
        "bernoulli" => bernoulli(full(want.shape, 0.3f), generator: generator),
        _ => throw Golden.NotCovered($"what {name} is"),
    };

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Statistics(string name) => Golden.Run(Group, name, golden =>
    {
        var method = MethodOf(golden);
        var options = Options(golden, method);
        var target = TargetOf(golden);
        if (method.Refuses(target, options) is { } reason) throw Golden.NotCovered(reason);
        var factors = golden["factors"].EnumerateObject().Select(f => (Part: Part(method, f.Name), Factor: f)).ToList();
        int draws = factors[0].Factor.Value.GetProperty("draws").GetInt32();
        var generator = new Generator(1);
        // A base as PyTorch makes it, for what begins with its weight.
        var drawn = Enumerable.Range(0, draws).Select(_ => Fresh(target, method, options, new Initialization(generator, () => new Initialization(generator).Kaiming(target.Out, target.Columns), bias: () => zeros(target.Out)))).ToList();
        foreach (var (part, factor) in factors)
        {
            // A learned scalar is a number of its own, and the parts of a file have it in them.
            var all = drawn.Select(made => made is LearnedScalar wrapped ? part == "scalar" ? wrapped.named_parameters().First(p => p.name == "scalar").parameter : PartOf(wrapped.Inner, part) : Spelled(golden, made, part)).ToList();
            var values = Piece(options, factor.Name, stack([.. all.Select(t => t.detach())]));
            Assert.Equal(factor.Value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64()), values.shape[1..]);
            double bound = golden["kaiming_bound"].TryGetProperty(factor.Name, out var told) ? told.GetDouble() : double.PositiveInfinity;
            AssertAlike(factor.Value, bound, values, $"{name}: {part}");
        }
        drawn.ForEach(made => made.Dispose());
    });

    static Reparameterization Fresh(Target target, MethodDescriptor method, MethodOptions options, Initialization begin) => Wrappers.Around(method.Create(target, options, begin), options, begin);

    // LyCORIS holds a DyLoRA's blocks apart, as matrices: up_list.1 is (draws, out, block).
    static Tensor Piece(MethodOptions options, string parameter, Tensor values)
    {
        if (options is not DyloraOptions { BlockSize: var size }) return values;
        int block = int.Parse(parameter.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
        return values.flatten(2).narrow(parameter.StartsWith("up", StringComparison.Ordinal) ? 2 : 1, block * size, size);
    }

    // As the peer holds it.
    static Tensor Spelled(GoldenCase golden, Reparameterization made, string part) =>
        golden.Name.StartsWith("peft.", StringComparison.Ordinal) && !peft.Layout.LeavesOut(made, part) ? peft.Layout.Write(made, part, PartOf(made, part)) : PartOf(made, part);

    static readonly Dialect peft = Dialects.Named("peft");

    static Tensor PartOf(Reparameterization made, string part) =>
        made.Parts.FirstOrDefault(p => p.Part == part).Value ?? throw Golden.NotCovered($"no part {part} beside {string.Join(", ", made.Parts.Select(p => p.Part))}");

    // The name of a case's method is the peer's, with a word behind it for an option.
    static MethodDescriptor MethodOf(GoldenCase golden)
    {
        // Where the case does not tell it, its name does: PEER.METHOD.LAYER.
        string name = golden["method"].GetString() ?? golden.Name.Split('.')[1];
        // Where both have a method of a name, PEFT's is called after it.
        string own = golden.Name.StartsWith("peft.", StringComparison.Ordinal) ? "peft-" : "";
        return MethodNames.All.FirstOrDefault(m => own.Length > 0 && m.Name == own + name)?.Method ?? MethodNames.All.FirstOrDefault(m => m.Name == name.Replace('_', '-'))?.Method ?? MethodNames.All.FirstOrDefault(m => m.Name == name.Split('_')[0])?.Method
            ?? throw Golden.NotCovered($"the method {name}");
    }

    // Options by the peers' names: those of every method, and else the method's own arguments.
    static MethodOptions Options(GoldenCase golden, MethodDescriptor method)
    {
        var given = golden["options"].EnumerateObject().ToDictionary(o => o.Name, o => o.Value);
        int rank = ranks.Where(given.ContainsKey).Select(r => given[r].GetInt32()).FirstOrDefault(4);
        var options = method.OwnOptions(new MethodOptions(rank));
        // PEFT begins away from the base unless it is told not to.
        if (golden.Name.StartsWith("peft.", StringComparison.Ordinal) && !given.ContainsKey("init_weights") && method.Arguments.FirstOrDefault(a => a.Name == "init_weights") is { } beginning)
            options = beginning.Set(options, method == FourierFt.Descriptor ? "false" : "peft");
        if (golden["method"].GetString() == "lora_fa") options = (LoraOptions)options with { Init = "lora_fa" };
        foreach (var (name, value) in given.Where(o => !ranks.Contains(o.Key)))
            options = (name, value.ToString()) switch
            {
                ("target_r" or "total_step", _) => options,   // the allocator's
                ("use_scalar", var on) => options with { LearnedScalar = on == "True" },
                ("weight_decompose", "True") => options with { Dora = options.Dora ?? DoraAxis.Output },
                ("wd_on_out", "False") => options with { Dora = DoraAxis.Input },
                ("wd_on_out", "True") => options,
                ("init_lora_weights", "False") => (LoraOptions)options with { Init = "random" },
                ("init_lora_weights", var way) => (LoraOptions)options with { Init = LoraInitializations.Named(way).Name },
                var (_, text) => (method.Arguments.FirstOrDefault(a => a.Name == name) ?? throw Golden.NotCovered($"{method.Name} with {name}")).Set(options, text),
            };
        return options;
    }

    // Two samples of one distribution: each mean strays by σ/√n, each deviation by σ·√((κ-1)/4n), with κ the kurtosis, which ours has too: 1.8 if uniform, 3 if normal,
    // and what it is of norms. Allowed are six times that.
    static void AssertAlike(JsonElement want, double bound, Tensor values, string what)
    {
        double Number(string name) => want.GetProperty(name).GetDouble();
        double min = values.min().ToDouble(), max = values.max().ToDouble();
        if (want.GetProperty("constant").GetBoolean())
        {
            Assert.Equal(Number("min"), min, 1e-5 * Math.Abs(min));   // six digits are told
            Assert.Equal(Number("max"), max, 1e-5 * Math.Abs(max));
            return;
        }
        double deviation = Number("std"), once = Math.Sqrt(2.0 / values.numel());
        // A sample of another distribution may end near the bound by chance: that it fills the range tells its deviation, bound/√3.
        bool fills = Number("max") <= bound && Number("min") >= -bound && Number("min") < 0 && Math.Abs(Number("mean")) < 6 * once * deviation;
        bool uniform = fills && Math.Abs(deviation * Math.Sqrt(3) / bound - 1) < 6 * once;
        double kurtosis = uniform ? 1.8 : Math.Max(3, ((values - values.mean()) / values.std()).pow(4).mean().ToDouble());
        Assert.Equal(Number("mean"), values.mean().ToDouble(), 6 * once * deviation);
        Assert.Equal(deviation, values.std().ToDouble(), 6 * once * deviation * Math.Sqrt((kurtosis - 1) / 4));
        if (!uniform) return;
        // How near the largest of so many draws comes to the bound, but for one time in 100,000.
        double near = bound * (1 - 2 * (1 - Math.Pow(1e-5, 1.0 / values.numel())));
        Assert.True(min >= -bound && max <= bound && max > near && min < -near, $"{what}: {min} to {max}, the bound is {bound}");
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

    static readonly string[] downs = ["lora_down", "lora_A", "lora_embedding_A"], ups = ["lora_up", "lora_B", "lora_embedding_B"];

    // A tensor is named LAYER.PART.weight, or a piece of that.
    static string LoraPart(string tensor)
    {
        string[] pieces = tensor.Split('.');
        return tensor == "alpha" ? "alpha" : pieces.Any(downs.Contains) ? "down" : pieces.Any(ups.Contains) ? "up" : "";
    }

    // A live parameter's part, by the suffix with which LyCORIS's files or PEFT's folders would hold it.
    static string Part(MethodDescriptor method, string parameter)
    {
        if (LoraPart(parameter) is { Length: > 0 } known && method == Lora.Descriptor) return known;
        if (parameter == "scalar") return parameter;
        if (method == Full.Descriptor) return parameter == "bias" ? "diff_b" : "diff";
        if (method == Dylora.Descriptor) return parameter.Split('_')[0];
        foreach (var dialect in new[] { Dialects.Named("kohya"), peft })
            foreach (var (suffix, of, part) in dialect.Spelling.Suffixes)
                if ((of == method.Name || of.Length == 0) && ("." + parameter).EndsWith(suffix, StringComparison.Ordinal)) return part;
        return peft.Spelling.SharedPart("base_model." + parameter.Split('.')[^1]) ?? throw Golden.NotCovered($"the part {parameter} of {method.Name}");
    }
}
