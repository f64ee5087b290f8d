namespace Lowrank.Adapters;

/// <summary>Tells what an adapter file holds, from its header and its alphas: no model, no libtorch.</summary>
public static class AdapterInspection
{
    // What a tensor may be: its part's name in each method that has its suffix, "" standing for every method.
    sealed record Part(IReadOnlyList<(string Method, string Name)> Meanings, TensorInfo Tensor)
    {
        public string? NameIn(string method) =>
            Meanings.Where(m => m.Method == method || m.Method.Length == 0).Select(m => m.Name).FirstOrDefault();
    }

    /// <summary>A report on an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="families">Families of base models that it may be for; null tells none.</param>
    public static AdapterReport Inspect(ITensorFile file, IReadOnlyList<ModelFamily>? families = null)
    {
        var dialect = Known(file);
        var words = new List<string>();
        var parts = new Dictionary<string, List<Part>>();
        var rest = new List<string>();
        foreach (var tensor in file.Tensors)
        {
            if (dialect is null) rest.Add(tensor.Name);
            else if (dialect.Words.Of(file, tensor.Name) is { } word) words.Add(word.Name);
            else if (!Place(dialect.Spelling, tensor, parts)) rest.Add(tensor.Name);
        }
        var modules = new List<AdapterModule>();
        foreach (var (name, layer) in parts)
        {
            if (ModuleOf(file, dialect!, name, layer) is { } module) modules.Add(module);
            else rest.AddRange(layer.Select(p => p.Tensor.Name));
        }
        return new AdapterReport(
            file.Path,
            file.Container,
            dialect?.Name,
            FamilyGuess.Of(file, families ?? [])?.Name,
            modules,
            [.. file.Tensors.Select(t => t.Dtype.ToString()).Distinct()],
            file.Tensors.Sum(t => t.Count),
            rest,
            [.. rest.Select(UnreadContents.Of).OfType<string>().Distinct()],
            file.Metadata)
        {
            Embeddings = [.. words.Distinct()],
        };
    }

    static bool Place(Spelling spelling, TensorInfo tensor, Dictionary<string, List<Part>> parts)
    {
        string key = tensor.Name;
        if (Suffix(spelling, key) is null) key = spelling.Mend(key) ?? key;
        if (Suffix(spelling, key) is not { } suffix) return false;
        string name = key[..^suffix.Length];
        if (!parts.TryGetValue(name, out var layer)) parts[name] = layer = [];
        layer.Add(new([.. spelling.Suffixes.Where(s => s.Suffix == suffix).Select(s => (s.Method, s.Part))], tensor));
        return true;
    }

    /// <summary>The report with norms, which need the tensors' values.</summary>
    /// <param name="file">The file.</param>
    /// <param name="families">As of <see cref="Inspect"/>.</param>
    /// <exception cref="LowrankException">Factors of a layer do not fit each other.</exception>
    public static AdapterReport Measure(ITensorFile file, IReadOnlyList<ModelFamily>? families = null)
    {
        var report = Inspect(file, families);
        if (Known(file) is not { } dialect || !dialect.Packaging.IsWhole(file)) return report;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        try
        {
            return report with { Modules = [.. report.Modules.Select(m => WithNorm(m, file, dialect))] };
        }
        catch (LowrankException error) when (!error.Message.StartsWith(file.Path, StringComparison.Ordinal))
        {
            throw new LowrankException($"{file.Path}: {error.Message}", error);
        }
    }

    // Where several recognize a file, the first in the list.
    static Dialect? Known(ITensorFile file) => Dialects.Recognizing(file) is [var first, ..] ? first : null;

    // The longest is meant: .q_layer.weight ends in .weight.
    static string? Suffix(Spelling spelling, string key) =>
        spelling.Suffixes.Select(s => s.Suffix).Where(end => key.EndsWith(end, StringComparison.Ordinal)).MaxBy(end => end.Length);

    static AdapterModule? ModuleOf(ITensorFile file, Dialect dialect, string name, List<Part> parts)
    {
        var methods = parts.SelectMany(p => p.Meanings).Select(m => m.Method).Where(m => m.Length > 0).Distinct();
        var layers = methods.Select(method => new FiledLayer(file, name, Methods.Named(method)));
        return layers.Select(layer => ModuleBy(layer, dialect, parts)).FirstOrDefault(module => module is not null);
    }

    static AdapterModule? ModuleBy(FiledLayer layer, Dialect dialect, List<Part> parts)
    {
        var method = layer.Method;
        var named = parts.Select(p => (Name: p.NameIn(method.Name), p.Tensor)).Where(p => p.Name is not null);
        var tensors = named.GroupBy(p => p.Name!).ToDictionary(group => group.Key, group => group.First().Tensor);
        bool isWhole = tensors.Count == parts.Count && method.Parts.All(p => !p.Required || tensors.ContainsKey(p.Name));
        var stored = tensors.ToDictionary(p => p.Key, p => p.Value.Shape);
        if (!isWhole || !method.Recognizes(stored)) return null;
        var shapes = dialect.Layout.Shapes(layer, stored);
        if (method.Facts(shapes) is not { } facts) return null;
        double? alpha = tensors.GetValueOrDefault("alpha") is { Count: 1 } scalar
            ? layer.File.ReadScalar(scalar.Name)
            : dialect.Layout.AlphaBeside(layer, facts.Rank);
        return new AdapterModule(
            layer.Name,
            method.Name,
            facts.Rank,
            facts.Out,
            facts.In,
            facts.Kernel,
            tensors.ToDictionary(p => p.Key, p => p.Value.Name),
            alpha,
            null);
    }

    static AdapterModule WithNorm(AdapterModule module, ITensorFile file, Dialect dialect)
    {
        // Larger than any model's weight; a change that has to be built to be measured would take that much.
        const double MostElements = 1 << 28;
        if (module is not { Out: { } outputs, In: { } inputs }) return module;
        if (module.Kernel.Aggregate((double)outputs * inputs, (product, side) => product * side) > MostElements) return module;
        var layer = new FiledLayer(file, module.Name, Methods.Named(module.Method));
        if (layer.Method.TakesBase || layer.Method.Parts.Any(p => p.IsShared)) return module;
        using var scope = NewDisposeScope();
        var target = new Target(module.Name, PartLayout.Plain.KindOf(layer, [], module.Kernel.Length), [outputs, inputs, .. module.Kernel]);
        var parts = module.Keys.ToDictionary(k => k.Key, k => file.Read(k.Value));
        using var made = dialect.Make(layer, target, parts, new Initialization());
        return module with { Norm = ChangeNorms.WithBias(made) };
    }
}
