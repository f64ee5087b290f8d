namespace Lowrank.Adapters;

/// <summary>Tells what an adapter file holds, from its header and its alphas: no model, no libtorch.</summary>
public static class AdapterInspection
{
    /// <summary>A report on an open file.</summary>
    public static AdapterReport Inspect(ITensorFile file)
    {
        var dialect = Dialects.All.FirstOrDefault(d => d.Recognizes(file.Tensors.Select(t => t.Name)));
        var modules = new Dictionary<string, List<(string Part, string Method, TensorInfo Tensor)>>();
        var rest = new List<string>();
        foreach (var tensor in file.Tensors)
        {
            var match = dialect?.Suffixes.FirstOrDefault(s => tensor.Name.EndsWith(s.Suffix, StringComparison.Ordinal));
            if (match is not { Suffix: { } suffix } found) { rest.Add(tensor.Name); continue; }
            var name = tensor.Name[..^suffix.Length];
            if (!modules.TryGetValue(name, out var parts)) modules[name] = parts = [];
            parts.Add((found.Part, found.Method, tensor));
        }
        return new AdapterReport(
            file.Path, file.Container, dialect?.Name, FamilyGuess.Of(file),
            [.. modules.Select(m => Module(file, m.Key, m.Value)).OfType<AdapterModule>()],
            [.. file.Tensors.Select(t => t.Dtype.ToString()).Distinct()],
            file.Tensors.Sum(t => t.Count), rest, [.. rest.Select(OtherMethods.Of).OfType<string>().Distinct()], file.Metadata);
    }

    /// <summary>The report with norms, which need the tensors' values.</summary>
    public static AdapterReport Measure(ITensorFile file)
    {
        var report = Inspect(file);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return report with { Modules = [.. report.Modules.Select(m => Measure(m, file))] };
    }

    static AdapterModule? Module(ITensorFile file, string name, List<(string Part, string Method, TensorInfo Tensor)> parts)
    {
        if (parts.FirstOrDefault(p => p.Part == "down").Tensor is not { } down) return null;
        var up = parts.FirstOrDefault(p => p.Part == "up").Tensor;
        var kernel = parts.FirstOrDefault(p => p.Part == "mid").Tensor?.Shape[2..] ?? (down.Shape.Length > 2 ? down.Shape[2..] : []);
        return new AdapterModule(name, parts.First(p => p.Method.Length > 0).Method, down.Shape[0], up?.Shape[0], down.Shape.Length > 1 ? down.Shape[1] : null, kernel, parts.ToDictionary(p => p.Part, p => p.Tensor.Name), Alpha(file, parts), null);
    }

    static double? Alpha(ITensorFile file, List<(string Part, string Method, TensorInfo Tensor)> parts) =>
        parts.FirstOrDefault(p => p.Part == "alpha").Tensor is { Count: 1 } alpha ? file.ReadScalar(alpha.Name) : null;

    static AdapterModule Measure(AdapterModule module, ITensorFile file)
    {
        using var scope = NewDisposeScope();
        if (!module.Keys.TryGetValue("up", out var up) || module.Out is null) return module;
        var (down, mid) = (file.Read(module.Keys["down"]).to(ScalarType.Float32), module.Keys.TryGetValue("mid", out var core) ? file.Read(core).to(ScalarType.Float32) : null);
        var kind = module.Kernel.Length switch { 0 => LayerKind.Linear, 1 => LayerKind.Conv1d, 2 => LayerKind.Conv2d, _ => LayerKind.Conv3d };
        var target = new Target(module.Name, kind, [module.Out.Value, module.In!.Value, .. module.Kernel]);
        using var lora = new Lora(target, down, file.Read(up).to(ScalarType.Float32), mid, module.Alpha);
        return module with { Norm = lora.Apply(zeros(target.Out, target.Columns), 1).norm().ToDouble() };
    }
}
