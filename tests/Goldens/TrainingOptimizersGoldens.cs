using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Steps of every optimizer, gradient clipping, moving averages and the eight-bit map.</summary>
public sealed class TrainingOptimizersGoldens
{
    const string Group = "training/optimizers";

    // What peers' constructors take and what says nothing here.
    static readonly string[] passedOver = ["lr", "fsdp_in_use", "layer_scale", "log_every", "g0_norm"];

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Optimizer(string name) => Golden.Run(Group, name, c => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var config = c["config"];
        string what = Text(config, "optimizer") ?? Text(config, "fn") ?? "a case of another kind";
        switch (what)
        {
            case "bitsandbytes.AdamW8bit": EightBitSteps(c, config); break;
            case "clip_grad_norm_" or "clip_grad_value_": Clipping(c, config); break;
            case "diffusers EMAModel": Averages(c, config); break;
            case "create_dynamic_map":
                var map = config.GetProperty("signed").GetBoolean() ? DynamicMap.Signed : DynamicMap.Unsigned;
                c.AssertClose(tensor(map.ToArray()), c.Expected("map"), "map");
                break;
            case "quantize_blockwise": Blocks(c); break;
            case "peft.optimizers.create_loraplus_optimizer": LoraPlusGroups(c, config); break;
            default: Steps(c, config, what); break;
        }
    }));

    static void Steps(GoldenCase c, JsonElement config, string what)
    {
        var descriptor = Optimizers.Named(what.StartsWith("torch.", StringComparison.Ordinal) ? $"torch.optim.{what[6..]}" : what);
        double[]? rates = config.TryGetProperty("lr_by_step", out var byStep) ? [.. byStep.EnumerateArray().Select(v => v.GetDouble())] : null;
        bool isNarrow = Text(config, "dtype") == "bfloat16";
        string[] names = [.. c["inputs"].GetProperty("init").EnumerateObject().Select(p => p.Name)];
        var parameters = names.Select(n => Parameter(Read(c, "inputs", "init", n), isNarrow)).ToArray();
        var gradients = names.Select(n => Read(c, "inputs", "grads", n)).ToArray();
        double rate = rates?[0] ?? Number(config, "lr") ?? (config.TryGetProperty("defaults_filled", out var filled) ? Number(filled, "lr") ?? 0 : 0);
        using var optimizer = descriptor.Create([new ParameterGroup(parameters, rate)], descriptor.Read(Arguments(config, what)));
        var looks = config.TryGetProperty("events", out var events) ? events.EnumerateObject().Select(e => int.Parse(e.Name)).ToHashSet() : [];
        int seen = 0;
        for (int step = 0; step < gradients[0].shape[0]; step++)
        {
            if (rates is not null) optimizer.Groups[0].LearningRate = rates[step];
            for (int p = 0; p < parameters.Length; p++) parameters[p].grad = gradients[p][step].to(parameters[p].dtype, copy: true);
            optimizer.Step();
            for (int p = 0; p < parameters.Length; p++) c.AssertClose(parameters[p].to(float32), Read(c, "expected", "params", names[p])[step].to(float32), $"{names[p]} after step {step + 1}");
            CheckNumbers(c, optimizer, step, rate);
            if (looks.Contains(step + 1)) Look(c, optimizer, parameters, names, seen++);
        }
        if (c["expected"].TryGetProperty("eval_params", out _)) Look(c, optimizer, parameters, names, seen);
        CheckState(c, optimizer, names);
    }

    static Tensor Parameter(Tensor start, bool isNarrow) => (isNarrow ? start.to(bfloat16) : start.to(float32)).detach().requires_grad_();

    // Parameters in evaluation mode; they come back to the same bits.
    static void Look(GoldenCase c, IOptimizer optimizer, Tensor[] parameters, string[] names, int number)
    {
        var trained = parameters.Select(p => p.detach().clone()).ToArray();
        optimizer.Train(false);
        for (int p = 0; p < parameters.Length; p++) c.AssertClose(parameters[p], Read(c, "expected", "eval_params", names[p])[number], $"{names[p]} in evaluation {number}");
        optimizer.Train(true);
        for (int p = 0; p < parameters.Length; p++) Assert.True(parameters[p].equal(trained[p]).all().ToBoolean());
    }

    static void CheckNumbers(GoldenCase c, IOptimizer optimizer, int step, double rate)
    {
        if (!c["expected"].TryGetProperty("scalars_by_step", out var wanted)) return;
        var got = optimizer.StateTensors().Where(t => t.Value.dim() == 0).ToDictionary(t => t.Name, t => t.Value);
        foreach (var number in wanted.EnumerateObject())
            if (got.TryGetValue(number.Name, out var value))
            {
                double want = number.Value[step].GetDouble();
                Assert.True(Math.Abs(value.ToDouble() - want) <= 1e-3 * Math.Abs(want) + 1e-16, $"{c.Name}: {number.Name} after step {step + 1} is {value.ToDouble():R}, expected {want:R}");
            }
    }

    static void CheckState(GoldenCase c, IOptimizer optimizer, string[] names)
    {
        if (!c["expected"].TryGetProperty("state", out var state)) return;
        var got = optimizer.StateTensors().ToDictionary(t => t.Name, t => t.Value);
        for (int p = 0; p < names.Length; p++)
        {
            if (!state.TryGetProperty(names[p], out var parts))
            {
                Assert.True(optimizer is Sgd && got.Count == 0, $"{c.Name}: nothing is recorded of {names[p]}'s state");
                continue;
            }
            foreach (var part in parts.EnumerateObject())
            {
                // RMS is of the step before and is made anew at each; those that find their rate count for all parameters together.
                if (part.Name == "RMS" || part.Name == "step" && !got.ContainsKey($"0.{p}.step")) continue;
                var want = part.Value.ValueKind == JsonValueKind.Number ? tensor(part.Value.GetSingle()) : c.Group.Tensors.Read(part.Value.GetString()!);
                c.AssertClose(got[$"0.{p}.{part.Name}"].to(float32), want, $"{part.Name} of {names[p]}");
            }
        }
    }

    static IEnumerable<string> Arguments(JsonElement config, string what)
    {
        var filled = config.TryGetProperty("defaults_filled", out var all) ? all : config;
        var given = filled.EnumerateObject().Concat(config.EnumerateObject()).DistinctBy(p => p.Name);
        string[] own = ["optimizer", "steps", "gradients", "events", "lr_by_step", "defaults_filled", "dtype", "rounding"];
        foreach (var one in given)
        {
            if (passedOver.Contains(one.Name) || own.Contains(one.Name)) continue;
            if (one.Value.ValueKind == JsonValueKind.Null || one.Value.ToString() == "Infinity") continue;
            if (one.Name == "decoupled_weight_decay" && what is ("torch.Adam" or "torch.AdamW")) continue;   // the two are two optimizers
            yield return $"{one.Name}={Python(one.Value)}";
        }
    }

    static string Python(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"({string.Join(", ", value.EnumerateArray().Select(Python))})",
        JsonValueKind.Null => "None",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => value.ToString(),
    };

    static void EightBitSteps(GoldenCase c, JsonElement config)
    {
        var descriptor = Optimizers.Named("bitsandbytes.AdamW8bit");
        Tensor large = Parameter(c.Input("param"), false), small = Parameter(c.Input("small"), false);
        Tensor[] gradients = [c.Input("grads"), c.Input("small_grads")];
        using var optimizer = descriptor.Create([new ParameterGroup([large, small], Number(config, "lr")!.Value)], descriptor.Read(["betas=(0.9, 0.999)", "eps=1e-8", "weight_decay=0.01"]));
        for (int step = 1; step <= gradients[0].shape[0]; step++)
        {
            large.grad = gradients[0][step - 1].clone();
            small.grad = gradients[1][step - 1].clone();
            optimizer.Step();
            string number = step.ToString();
            if (!c["expected"].GetProperty("params").TryGetProperty(number, out _)) continue;
            c.AssertClose(large, Read(c, "expected", "params", number), $"large after step {number}");
            c.AssertClose(small, Read(c, "expected", "small_params", number), $"small after step {number}");
        }
        var got = optimizer.StateTensors().ToDictionary(t => t.Name, t => t.Value);
        foreach (string moment in (string[])["1", "2"])
        {
            var difference = (got[$"0.0.state{moment}"].to(int32) - Read(c, "expected", "state", $"state{moment}").to(int32)).abs();
            Assert.True(difference.max().ToInt32() <= 1, $"codes of moment {moment} differ by {difference.max().ToInt32()}");
            c.AssertClose(got[$"0.0.absmax{moment}"], Read(c, "expected", "state", $"absmax{moment}"), $"absmax{moment}");
            Assert.Equal(float32, got[$"0.1.state{moment}"].dtype);
        }
    }

    static void Blocks(GoldenCase c)
    {
        var blocks = new Lowrank.Formats.EightBitBlocks(256);
        var (codes, largest) = blocks.Encode(c.Input("x"));
        c.AssertClose(codes.to(float32), c.Expected("codes").to(float32), "codes");
        c.AssertClose(largest, c.Expected("absmax"), "absmax");
        c.AssertClose(blocks.Decode(codes, largest), c.Expected("dequantized"), "dequantized");
    }

    static void Averages(GoldenCase c, JsonElement config)
    {
        var standard = new MovingAverageOptions();
        var options = new MovingAverageOptions(
            Number(config, "decay") ?? standard.Decay, Number(config, "min_decay") ?? 0, (int)(Number(config, "update_after_step") ?? 0),
            config.TryGetProperty("use_ema_warmup", out var warms) && warms.GetBoolean(), Number(config, "power") ?? standard.Power);
        var walk = c.Input("walk");
        var parameter = walk[0].clone();
        using var average = new MovingAverage([parameter], options);
        double[] decays = [.. c["expected"].GetProperty("decay_by_step").EnumerateArray().Select(v => v.GetDouble())];
        var shadow = c.Expected("shadow");
        for (int step = 0; step < decays.Length; step++)
        {
            parameter.copy_(walk[step + 1]);
            average.Update();
            Assert.Equal(decays[step], average.Decay, 1e-12);
            if (shadow.dim() > walk[0].dim()) c.AssertClose(average.Averages[0], shadow[step], $"average after {step + 1}");
        }
        if (shadow.dim() == walk[0].dim()) c.AssertClose(average.Averages[0], shadow, "average");
    }

    static void LoraPlusGroups(GoldenCase c, JsonElement config)
    {
        var plus = new Lowrank.Training.LoraPlus(Number(config, "loraplus_lr_ratio")) { PeftWay = true };
        double rate = Number(config, "lr")!.Value;
        foreach (var group in c["expected"].GetProperty("groups").EnumerateArray())
            foreach (var name in group.GetProperty("params").EnumerateArray().Select(n => n.GetString()!))
            {
                bool ofEmbedding = name.Contains("embed", StringComparison.Ordinal);
                var (own, axes) = OurName(name);
                var (got, _, decays) = plus.Of(ComponentRole.Denoiser, own, axes, ofEmbedding, rate);
                Assert.Equal(group.GetProperty("lr").GetDouble(), got, 1e-15);
                Assert.Equal(group.GetProperty("weight_decay").GetDouble() > 0, decays);
            }
    }

    // A parameter's name in our methods, with its axes.
    static (string Name, int Axes) OurName(string name)
    {
        if (name.Contains("lora_A", StringComparison.Ordinal) || name.Contains("embedding_A", StringComparison.Ordinal)) return ("down", 2);
        if (name.Contains("lora_B", StringComparison.Ordinal) || name.Contains("embedding_B", StringComparison.Ordinal)) return ("up", 2);
        bool ofNorm = name.Contains("norm", StringComparison.Ordinal);
        if (name.EndsWith("bias", StringComparison.Ordinal)) return (ofNorm ? "b_norm" : "bias", 1);
        return (ofNorm ? "w_norm" : "weight", 1);
    }

    static void Clipping(GoldenCase c, JsonElement config)
    {
        string[] names = [.. c["inputs"].EnumerateObject().Select(p => p.Name)];
        var parameters = names.Select(n => { var gradient = c.Input(n); var p = zeros_like(gradient).requires_grad_(); p.grad = gradient.clone(); return p; }).ToArray();
        if (Number(config, "clip_value") is { } limit) GradientClipping.ClipValues(parameters, limit);
        else
        {
            double norm = GradientClipping.Clip(parameters, Number(config, "max_norm")!.Value, Number(config, "norm_type") ?? double.PositiveInfinity);
            c.AssertClose(tensor(norm), tensor(c["expected"].GetProperty("total_norm").GetDouble()), "total norm");
        }
        for (int p = 0; p < names.Length; p++) c.AssertClose(parameters[p].grad!, Read(c, "expected", "grads", names[p]), $"gradient of {names[p]}");
    }

    static Tensor Read(GoldenCase c, string side, string what, string name) => c.Group.Tensors.Read(c[side].GetProperty(what).GetProperty(name).GetString()!);

    static double? Number(JsonElement config, string name) => config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static string? Text(JsonElement config, string name) => config.TryGetProperty(name, out var value) ? value.GetString() : null;
}
