using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using Lowrank.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>What acts on an adapter only while it is trained: dropouts from the same seed, limits of norms, groups of learning rates.</summary>
public sealed class TrainingAdaptersGoldens
{
    const string Group = "adapters/training";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Rule(string name) => Golden.Run(Group, name, golden =>
    {
        string operation = golden["op"].GetString()!;
        if (operation.StartsWith("kohya LoRAModule.forward", StringComparison.Ordinal)) Dropouts(golden, Options(golden, DropoutStyle.Kohya));
        else if (operation.StartsWith("LyCORIS forward", StringComparison.Ordinal)) Dropouts(golden, Options(golden, Flag(golden, "bypass_mode") ? DropoutStyle.LycorisBypass : DropoutStyle.Lycoris));
        else if (operation.EndsWith("apply_max_norm", StringComparison.Ordinal)) LycorisMaxNorm(golden);
        else if (operation.EndsWith("apply_max_norm_regularization", StringComparison.Ordinal)) KohyaMaxNorm(golden);
        else if (operation.EndsWith("prepare_optimizer_params", StringComparison.Ordinal)) KohyaGroups(golden);
        else if (operation.EndsWith("create_loraplus_optimizer", StringComparison.Ordinal)) PeftGroups(golden);
        else if (operation.EndsWith("LoraFAOptimizer", StringComparison.Ordinal)) LoraFa(golden);
        else if (operation.StartsWith("kohya DyLoRAModule", StringComparison.Ordinal)) KohyaDylora(golden);
        else if (operation.StartsWith("kohya networks.oft", StringComparison.Ordinal)) KohyasOft(golden);
        else if (operation == "kohya lora_fa") KohyaLoraFa(golden);
        else if (operation.StartsWith("AdaLoRA", StringComparison.Ordinal)) AdaLoraSteps.Check(golden);
        else throw Golden.NotCovered(operation);
    });

    // kohya runs all ranks, and passes the multiplier over.
    static void KohyaDylora(GoldenCase golden)
    {
        var (x, y) = (Case(golden, "x"), Case(golden, "y"));
        using var layer = Layer(Case(golden, "base/weight"), Case(golden, "base/bias"), x.shape, y.shape);
        var options = new DyloraOptions(golden["rank"].GetInt32(), golden["alpha"].GetDouble()) { BlockSize = golden["unit"].GetInt32(), AllRanks = true };
        using var dylora = new Dylora(Target.Of("layer", layer), Case(golden, "adapter/lora_down.weight"), Case(golden, "adapter/lora_up.weight"), options)
        {
            ActiveRank = golden["trainable_rank"].GetInt32() + options.BlockSize,
        };
        dylora.eval();
        golden.AssertClose(dylora.Forward(x, layer, 1), y, "y");
    }

    static void KohyasOft(GoldenCase golden)
    {
        var (x, want) = (Case(golden, "x"), Case(golden, "y"));
        using var layer = Layer(Case(golden, "base/weight"), Case(golden, "base/bias"), x.shape, want.shape);
        var target = Target.Of("layer", layer);
        var parts = new StoredParts(new Dictionary<string, Tensor> { ["oft_blocks"] = Case(golden, "adapter/oft_blocks"), ["alpha"] = Case(golden, "adapter/alpha") });
        var made = (DiagOft)KohyaOft.Descriptor.FromParts(target, parts);
        using var adapted = new AdaptedLayerGoldens(golden, layer, made);
        double strength = golden["multiplier"].GetDouble();
        golden.AssertClose(made.Rotations(strength), Case(golden, "R"), "R");
        golden.AssertClose(adapted.Merged(strength), Case(golden, "merged"), "merged");
        golden.AssertClose(adapted.Answer(x, strength), want, "y");
    }

    // The deviation tells the width: sqrt(2/(in + rank)).
    static void KohyaLoraFa(GoldenCase golden)
    {
        double deviation = golden["init_std_down"].GetDouble();
        const int rank = 4;
        long inputs = (long)Math.Round(2 / (deviation * deviation)) - rank;
        using var made = (Lora)Lora.Descriptor.Create(new Target("layer", LayerKind.Linear, [3000, inputs]), new LoraOptions(rank) { Init = "lora_fa" }, new Initialization(new Generator(1)));
        var trained = made.named_parameters().Where(p => p.parameter.requires_grad).Select(p => $"lora_{p.name}.weight");
        Assert.Equal(golden["trainable"].EnumerateArray().Select(name => name.GetString()!), trained);
        var draws = stack([.. Enumerable.Range(0, 400).Select(seed => Lora.Descriptor.Create(made.Target, new LoraOptions(rank) { Init = "lora_fa" }, new Initialization(new Generator((ulong)seed))).Parts[0].Value.detach())]);
        Assert.Equal(deviation, draws.std().ToDouble(), 0.02 * deviation);   // of 19,200 draws: four times chance
    }

    static void LycorisMaxNorm(GoldenCase golden)
    {
        using var layer = Layer(Case(golden, "base/weight"), Case(golden, "base/bias"));
        var target = Target.Of("layer", layer);
        var (method, stored) = Stored(golden, "before/");
        using var adapter = new Adapter("adapter", [method.FromParts(target, stored)]);
        // The peer counts T-LoRA's scale twice: its limit is that of scale times the norm.
        double twice = method == Tlora.Descriptor ? golden["hyper"].GetProperty("alpha").GetDouble() / golden["hyper"].GetProperty("lora_dim").GetDouble() : 1;
        var rule = new MaxNorm(adapter, _ => layer, golden["max_norm"].GetDouble() / twice, spread: false);
        rule.Stepped(0);

        Assert.Equal(golden["scaled"].GetBoolean(), rule.KeysScaled == 1);
        golden.AssertClose(tensor(rule.LargestNorm * twice), tensor(golden["norm_after"].GetDouble()), "norm_after", atol: 1e-5, rtol: 1e-4);
        var (_, after) = Stored(golden, "after/");
        foreach (var (part, value) in adapter.Targets["layer"].Parts.Where(p => after.Values.ContainsKey(p.Part))) golden.AssertClose(value, after[part], part);
    }

    static void KohyaMaxNorm(GoldenCase golden)
    {
        using var adapter = new Adapter("adapter", [.. Names(golden, "before/").Select(name => FromFactors(golden, "before/" + name, name))]);
        var rule = new MaxNorm(adapter, _ => throw Golden.NotCovered("a change that depends on the weight"), golden["max_norm"].GetDouble());
        rule.Stepped(0);

        Assert.Equal(golden["keys_scaled"].GetInt32(), rule.KeysScaled);
        golden.AssertClose(tensor(rule.MeanNorm), tensor(golden["mean_norm"].GetDouble()), "mean norm", atol: 1e-5, rtol: 1e-4);
        golden.AssertClose(tensor(rule.LargestNorm), tensor(golden["max_norm_seen"].GetDouble()), "largest norm", atol: 1e-5, rtol: 1e-4);
        foreach (var (name, lora) in adapter.Targets)
        {
            using var after = FromFactors(golden, "after/" + name, name);
            foreach (var (got, want) in lora.Parts.Zip(after.Parts)) golden.AssertClose(got.Value, want.Value, $"{name}: {want.Part}");
        }
    }

    // The modules of a folder of the case's tensors.
    static List<string> Names(GoldenCase golden, string folder) => golden.Group.Tensors.Tensors.Select(t => t.Name)
        .Where(name => name.StartsWith($"{golden.Name}/{folder}", StringComparison.Ordinal)).Select(name => name[$"{golden.Name}/{folder}".Length..].Split('.')[0]).Distinct().ToList();

    static Lora FromFactors(GoldenCase golden, string path, string name)
    {
        var (down, up) = (Case(golden, path + ".lora_down.weight"), Case(golden, path + ".lora_up.weight"));
        var target = new Target(name, down.dim() == 4 ? LayerKind.Conv2d : LayerKind.Linear, [up.shape[0], .. down.shape[1..]]);
        return new Lora(target, down, up, alpha: Case(golden, path + ".alpha").ToDouble());
    }

    static void KohyaGroups(GoldenCase golden)
    {
        static Lora Small(string path) => new(new Target(path, LayerKind.Linear, [3, 3]), zeros(1, 3), zeros(3, 1));

        // A parameter's name tells its module, and the module's name its component.
        var wanted = golden["groups"].EnumerateArray().Select(g => (
            Name: g.GetProperty("description").GetString()!, Rate: g.GetProperty("lr").GetDouble(), Names: g.GetProperty("params").EnumerateArray().Select(p => p.GetString()!).ToList())).ToList();
        var modules = wanted.SelectMany(g => g.Names).Select(name => name.Split('.')[0]).Distinct().ToList();
        using var adapter = new Adapter("adapter", [.. modules.Select(name => Small((name.StartsWith("lora_te", StringComparison.Ordinal) ? "text_encoder." : "unet.") + name))]);
        double? Ratio(string name) => golden[name].ValueKind == JsonValueKind.Number ? golden[name].GetDouble() : null;
        double general = golden["default_lr"].GetDouble();
        var roles = new Dictionary<string, ComponentRole> { ["unet"] = ComponentRole.Denoiser, ["text_encoder"] = ComponentRole.TextEncoder };
        var groups = RateGroups.Of(adapter, roles, [], Ratio("unet_lr") ?? general, Ratio("text_encoder_lr") ?? general,
            new LoraPlus(Ratio("loraplus_lr_ratio"), Ratio("loraplus_unet_lr_ratio"), Ratio("loraplus_text_encoder_lr_ratio")));

        Assert.Equal(wanted.Select(g => g.Name).Order(), groups.Select(g => g.Name.Replace("text_encoder", "textencoder", StringComparison.Ordinal)).Order());
        foreach (var (name, rate, names) in wanted)
        {
            var group = groups.Single(g => g.Name.Replace("text_encoder", "textencoder", StringComparison.Ordinal) == name);
            Assert.Equal(rate, group.Rate, 1e-12);
            Assert.Equal(names.Order(), group.Parameters.Select(p => $"{p.Target.Split('.')[1]}.lora_{p.Name}.weight").Order());
        }
    }

    // The layer's own bias, which PEFT may train, belongs to no adapter here: the rule is asked what becomes of it.
    static void PeftGroups(GoldenCase golden)
    {
        double rate = golden["lr"].GetDouble();
        var plus = new LoraPlus(golden["ratio"].GetDouble()) { PeftWay = true };
        foreach (var group in golden["groups"].EnumerateArray())
            foreach (string name in group.GetProperty("params").EnumerateArray().Select(p => p.GetString()!))
            {
                var (part, axes) = name switch
                {
                    _ when name.Contains("lora_A", StringComparison.Ordinal) => ("down", 2),
                    _ when name.Contains("lora_B", StringComparison.Ordinal) => ("up", 2),
                    _ when name.Contains("lora_magnitude_vector", StringComparison.Ordinal) => ("magnitude", 2),
                    _ when name.EndsWith(".bias", StringComparison.Ordinal) => ("bias", 1),
                    _ => throw Golden.NotCovered($"the parameter {name}"),
                };
                var (got, _, decays) = plus.Of(ComponentRole.Denoiser, part, axes, name.Contains("embedding", StringComparison.Ordinal), rate);
                Assert.Equal(group.GetProperty("lr").GetDouble(), got, 1e-12);
                Assert.Equal(group.GetProperty("weight_decay").GetDouble(), decays ? golden["loraplus_weight_decay"].GetDouble() : 0);
            }
    }

    static void LoraFa(GoldenCase golden)
    {
        var (a, b) = (Case(golden, "A"), Case(golden, "B/step0"));
        using var lora = new Lora(new Target("layer", LayerKind.Linear, [b.shape[0], a.shape[1]]), a, b, alpha: golden["lora_alpha"].GetDouble());
        using var adapter = new Adapter("adapter", [lora]);
        lora.Factors.Down.requires_grad_(false);
        var up = lora.Factors.Up;
        var betas = golden["betas"];
        using var optimizer = new FusedAdamW([new ParameterGroup([up], golden["lr"].GetDouble())],
            new AdamWOptions(betas[0].GetDouble(), betas[1].GetDouble(), golden["eps"].GetDouble(), golden["weight_decay"].GetDouble()) { EpsilonBeforeCorrection = true });
        var rule = new Preconditioner(adapter);
        for (int step = 1; golden.Group.Tensors.Tensors.Any(t => t.Name == $"{golden.Name}/grad_B/step{step}"); step++)
        {
            up.grad = Case(golden, $"grad_B/step{step}").clone();
            rule.Backward(step - 1);
            optimizer.Step();
            golden.AssertClose(up, Case(golden, $"B/step{step}"), $"B after step {step}");
        }
    }

    static void Dropouts(GoldenCase golden, MethodOptions options)
    {
        var (x, want) = (Case(golden, "x"), Case(golden, "y_train"));
        using var layer = Layer(Case(golden, "base/weight"), Case(golden, "base/bias"), x.shape, want.shape);
        using var made = Made(golden, Target.Of("layer", layer), options);
        if (made is DiagOft oft && options.DropoutStyle == DropoutStyle.LycorisBypass)
        {
            // In bypass mode the peer turns the answer with its bias, which the rebuilt weight does not, and drops nothing.
            var rotations = oft.Rotations(1);
            var turned = einsum("...kj,kjm->...km", layer.Run(x).reshape([.. want.shape[..^1], rotations.shape[0], rotations.shape[1]]), rotations).reshape(want.shape);
            golden.AssertClose(turned, Case(golden, "y_eval"), "y_eval");
            golden.AssertClose(turned, want, "y_train");
            return;
        }
        var host = AdaptedLayer.In(layer);
        host.Add(made, golden["multiplier"].ValueKind == JsonValueKind.Number ? golden["multiplier"].GetDouble() : 1);

        made.eval();
        golden.AssertClose(layer.call(x), Case(golden, "y_eval"), "y_eval");
        made.train();
        random.manual_seed(golden["seed"].GetInt64());
        golden.AssertClose(layer.call(x), want, "y_train");
    }

    static readonly string[] known = ["dropout", "rank_dropout", "module_dropout", "rank_dropout_scale", "bypass_mode"];

    static MethodOptions Options(GoldenCase golden, DropoutStyle style)
    {
        if (golden["options"].EnumerateObject().Select(option => option.Name).FirstOrDefault(option => !known.Contains(option)) is { } other)
            throw Golden.NotCovered(other);
        return new MethodOptions(1)
        {
            Dropout = Chance(golden, "dropout"), RankDropout = Chance(golden, "rank_dropout"), ModuleDropout = Chance(golden, "module_dropout"),
            RankDropoutScale = Flag(golden, "rank_dropout_scale"), DropoutStyle = style,
        };
    }

    // The method that the adapter's tensors make, with its dropouts: a LoRA has some of its own.
    static Reparameterization Made(GoldenCase golden, Target target, MethodOptions options)
    {
        var (method, stored) = Stored(golden, "adapter/");
        if (method == Lora.Descriptor && options.DropoutStyle != DropoutStyle.Lycoris)
            return new Lora(target, stored["down"], stored["up"], stored.Find("mid"), stored.Number("alpha")) { Options = new LoraOptions(options) };
        if (method == DiagOft.Descriptor)
        {
            return new DiagOft(target, stored["oft_blocks"], stored.Number("alpha") ?? 0, stored.Find("rescale")) { Options = new OutputRotationOptions(options), ModuleDropout = options.ModuleDropout };
        }
        var made = method.FromParts(target, stored);
        made = made is AdditiveReparameterization additive && !method.Dropouts.Own.Contains(options.DropoutStyle!) ? new Lowrank.Adapters.Dropouts(additive, options) : made;
        made.ModuleDropout = options.ModuleDropout;
        return made;
    }

    // Parts by kohya's names in files; an alpha that stands among the case's facts is one of them.
    static (MethodDescriptor Method, StoredParts Parts) Stored(GoldenCase golden, string folder)
    {
        string prefix = $"{golden.Name}/{folder}";
        var found = golden.Group.Tensors.Tensors.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Name[prefix.Length..], t => golden.Group.Tensors.Read(t.Name));
        var suffixes = Dialects.Named("kohya").Spelling.Suffixes;
        var parts = found.ToDictionary(t => t.Key, t => suffixes.Where(s => s.Suffix == "." + t.Key).ToList());
        var named = parts.Values.SelectMany(p => p).Select(p => p.Method).Where(m => m.Length > 0).Distinct().Select(name => Methods.All.FirstOrDefault(m => m.Name == name)).OfType<MethodDescriptor>();
        var shapes = found.ToDictionary(t => t.Key, t => t.Value.shape);
        var method = named.FirstOrDefault(m => parts.Values.All(p => p.Any(s => s.Method == m.Name || s.Method.Length == 0))) ?? throw Golden.NotCovered($"the method {golden["method"]}");
        var values = found.ToDictionary(t => parts[t.Key].First(s => s.Method == method.Name || s.Method.Length == 0).Part, t => t.Value);
        var facts = golden["hyper"].ValueKind == JsonValueKind.Object ? golden["hyper"] : golden.Json;
        if (!values.ContainsKey("alpha") && facts.TryGetProperty("alpha", out var alpha)) values["alpha"] = tensor(alpha.GetSingle());
        return (method, new StoredParts(values));
    }

    static double Chance(GoldenCase golden, string option) => golden["options"].TryGetProperty(option, out var value) ? value.GetDouble() : 0;

    static bool Flag(GoldenCase golden, string option) => golden["options"].TryGetProperty(option, out var value) && value.GetBoolean();

    static AdaptableLayer Layer(Tensor weight, Tensor bias) => Layer(weight, bias, [0], [0]);

    // The padding follows from the sizes.
    static AdaptableLayer Layer(Tensor weight, Tensor bias, long[] input, long[] output) => weight.dim() switch
    {
        2 => AdaptedLayerGoldens.Layer(LayerKind.Linear, weight, bias),
        4 => AdaptedLayerGoldens.Layer(LayerKind.Conv2d, weight, bias, padding: (output[^1] - input[^1] + weight.shape[^1] - 1) / 2),
        var axes => throw Golden.NotCovered($"a weight of {axes} axes"),
    };

    static Tensor Case(GoldenCase golden, string what) => golden.Group.Tensors.Read($"{golden.Name}/{what}");
}
