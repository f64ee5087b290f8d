using System.Text.Json;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Optimizer steps and gradient clipping.</summary>
public sealed class TrainingOptimizersGoldens
{
    const string Group = "training/optimizers";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Optimizer(string name) => Golden.Run(Group, name, c =>
    {
        var config = c["config"];
        string what = Text(config, "optimizer") ?? Text(config, "fn") ?? "a case of another kind";
        if (what == "torch.AdamW") AdamWSteps(c, config);
        else if (what == "torch.SGD") Steps(c, config, groups => new Sgd(groups, new(Number(config, "momentum") ?? 0, Number(config, "dampening") ?? 0,
            Number(config, "weight_decay") ?? 0, config.TryGetProperty("nesterov", out var nesterov) && nesterov.GetBoolean())));
        else if (what == "clip_grad_norm_") Clipping(c, config);
        else throw Golden.NotCovered(what);
    });

    static void AdamWSteps(GoldenCase c, JsonElement config)
    {
        var filled = config.TryGetProperty("defaults_filled", out var all) ? all : config;
        if (filled.TryGetProperty("decoupled_weight_decay", out var decoupled) && !decoupled.GetBoolean()) throw Golden.NotCovered("coupled weight decay");
        if (Text(config, "dtype") is { } dtype && dtype != "float32") throw Golden.NotCovered($"parameters in {dtype}: what is trained is float32");
        var standard = new AdamWOptions();
        var options = new AdamWOptions(
            Betas(filled) is { } betas ? betas[0] : standard.Beta1, Betas(filled) is { } b ? b[1] : standard.Beta2, Number(filled, "eps") ?? standard.Epsilon,
            Number(filled, "weight_decay") ?? standard.WeightDecay, filled.TryGetProperty("amsgrad", out var amsgrad) && amsgrad.GetBoolean());
        Steps(c, config, groups => new FusedAdamW(groups, options));
    }

    static void Steps(GoldenCase c, JsonElement config, Func<IReadOnlyList<ParameterGroup>, IOptimizer> of)
    {
        var filled = config.TryGetProperty("defaults_filled", out var all) ? all : config;
        double[]? rates = config.TryGetProperty("lr_by_step", out var byStep) ? [.. byStep.EnumerateArray().Select(v => v.GetDouble())] : null;

        string[] names = [.. c["inputs"].GetProperty("init").EnumerateObject().Select(p => p.Name)];
        var parameters = names.Select(n => Read(c, "inputs", "init", n).requires_grad_()).ToArray();
        var gradients = names.Select(n => Read(c, "inputs", "grads", n)).ToArray();
        using var optimizer = of([new ParameterGroup(parameters, Number(filled, "lr") ?? 0)]);
        for (int step = 0; step < gradients[0].shape[0]; step++)
        {
            for (int p = 0; p < parameters.Length; p++) parameters[p].grad = gradients[p][step].clone();
            if (rates is not null) optimizer.Groups[0].LearningRate = rates[step];
            optimizer.Step();
            for (int p = 0; p < parameters.Length; p++) c.AssertClose(parameters[p], Read(c, "expected", "params", names[p])[step], $"{names[p]} after step {step + 1}");
        }
        if (!c["expected"].TryGetProperty("state", out var state)) return;
        var got = optimizer.StateTensors().ToDictionary(t => t.Name, t => t.Value);
        for (int p = 0; p < names.Length; p++)
            foreach (var part in state.TryGetProperty(names[p], out var kept) ? [.. kept.EnumerateObject()] : Array.Empty<JsonProperty>())
                c.AssertClose(got[$"0.{p}.{part.Name}"], part.Value.ValueKind == JsonValueKind.Number ? tensor(part.Value.GetSingle()) : c.Group.Tensors.Read(part.Value.GetString()!), $"{part.Name} of {names[p]}");
    }

    static void Clipping(GoldenCase c, JsonElement config)
    {
        if (Number(config, "norm_type") is not 2) throw Golden.NotCovered("a norm other than the Euclidean");
        string[] names = [.. c["inputs"].EnumerateObject().Select(p => p.Name)];
        var parameters = names.Select(n => { var gradient = c.Input(n); var p = zeros_like(gradient).requires_grad_(); p.grad = gradient.clone(); return p; }).ToArray();
        double norm = GradientClipping.Clip(parameters, Number(config, "max_norm")!.Value);
        c.AssertClose(tensor(norm), tensor(c["expected"].GetProperty("total_norm").GetDouble()), "total norm");
        for (int p = 0; p < names.Length; p++) c.AssertClose(parameters[p].grad!, Read(c, "expected", "grads", names[p]), $"gradient of {names[p]}");
    }

    static Tensor Read(GoldenCase c, string side, string what, string name) => c.Group.Tensors.Read(c[side].GetProperty(what).GetProperty(name).GetString()!);

    static double[]? Betas(JsonElement config) => config.TryGetProperty("betas", out var betas) ? [.. betas.EnumerateArray().Select(v => v.GetDouble())] : null;

    static double? Number(JsonElement config, string name) => config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static string? Text(JsonElement config, string name) => config.TryGetProperty(name, out var value) ? value.GetString() : null;
}
