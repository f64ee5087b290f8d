namespace Lowrank.Adapters;

/// <summary>Tells what an adapter file holds, from its header and its alphas: no model, no libtorch.</summary>
public static class AdapterInspection
{
    /// <summary>A report on an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="families">Families of base models that it may be for; null tells none.</param>
    public static AdapterReport Inspect(ITensorFile file, IReadOnlyList<ModelFamily>? families = null)
    {
        var dialect = Known(file);
        var found = new InspectedKeys();
        foreach (var tensor in file.Tensors)
        {
            if (dialect is null) found.Rest.Add(tensor.Name);
            else found.Add(file, dialect, tensor);
        }
        var modules = new List<AdapterModule>();
        var remarks = new List<string>();
        foreach (var (name, layer) in found.Layers)
        {
            if (ModuleOf(file, dialect!, name, layer) is { } module) modules.Add(module);
            else if (MethodsOf(layer).Length == 0) remarks.Add($"{HeldIn(name, layer)} and no factors; it changes nothing");
            else found.Faults.Add(FaultOf(dialect!, name, layer));
        }
        return new AdapterReport(
            file.Path,
            file.Container,
            dialect?.Name,
            FamilyGuess.Of(file, families ?? [])?.Name,
            modules,
            [.. file.Tensors.Select(t => t.Dtype.ToString()).Distinct()],
            file.Tensors.Sum(t => t.Count),
            found.Rest,
            [.. found.Rest.Select(UnreadContents.Of).OfType<string>().Distinct()],
            file.Metadata)
        {
            Embeddings = [.. found.Words.Distinct()],
            Prompt = dialect?.PromptIn(file),
            Architecture = GgufHead.Of(file)?.Architecture,
            PassedOver = [.. found.PassedOver, .. dialect?.PassesOver(file) ?? []],
            Beginning = (file as IPeftConfigured)?.Configs.FirstOrDefault()?.Json ?? default,
            Faults = [.. FileFaults.Of(file, dialect, modules), .. found.Faults],
            Named = [.. found.Layers.Keys],
            Remarks = remarks,
        };
    }

    /// <summary>The report with norms, which need the tensors' values.</summary>
    /// <param name="file">The file.</param>
    /// <param name="families">As of <see cref="Inspect"/>.</param>
    /// <remarks>A layer whose parts do not fit each other is a fault of the report, and the others are measured.</remarks>
    public static AdapterReport Measure(ITensorFile file, IReadOnlyList<ModelFamily>? families = null)
    {
        var report = Inspect(file, families);
        if (Known(file) is not { } dialect || !dialect.Packaging.IsWhole(file)) return report;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var modules = new List<AdapterModule>();
        List<string> faults = [.. report.Faults];
        foreach (var module in report.Modules)
        {
            modules.Add(module);
            try
            {
                modules[^1] = WithNorm(module, file, dialect);
            }
            catch (LowrankException error)
            {
                bool isTold = faults.Exists(fault => fault.StartsWith(module.Name + FileFaults.Sign, StringComparison.Ordinal));
                if (!isTold) faults.Add($"{module.Name}{FileFaults.Sign}{error.Message}");
            }
        }
        return report with { Modules = modules, Faults = faults };
    }

    // Where several recognize a file, the first in the list.
    static Dialect? Known(ITensorFile file) => Dialects.Recognizing(file) is [var first, ..] ? first : null;

    static AdapterModule? ModuleOf(ITensorFile file, Dialect dialect, string name, List<InspectedPart> parts)
    {
        var layers = MethodsOf(parts).Select(method => new FiledLayer(file, name, Methods.Named(method)));
        return layers.Select(layer => ModuleBy(layer, dialect, parts)).FirstOrDefault(module => module is not null);
    }

    // Why the parts of a layer are none of one method.
    static string FaultOf(Dialect dialect, string name, List<InspectedPart> parts)
    {
        string[] methods = MethodsOf(parts);
        string held = HeldIn(name, parts);
        var missing = methods.Select(Methods.Named).Select(method => MissingOf(method, parts)).MinBy(missing => missing.Count)!;
        if (missing.Count > 0) return $"{held} and no {string.Join(", ", missing)}";
        return $"{held}, which is no shape of {string.Join(" or ", methods)}";
    }

    static string HeldIn(string name, List<InspectedPart> parts)
    {
        var told = parts.Select(p => $"{p.Tensor.Name[Math.Min(name.Length, p.Tensor.Name.Length)..]} {p.Tensor.Shape.Text()}");
        return $"{name} has {string.Join(", ", told)}";
    }

    static string[] MethodsOf(List<InspectedPart> parts) =>
        [.. parts.SelectMany(p => p.Meanings).Select(m => m.Method).Where(m => m.Length > 0).Distinct()];

    static List<string> MissingOf(MethodDescriptor method, List<InspectedPart> parts) =>
        [.. method.Parts.Where(part => part is { Required: true, IsShared: false }).Select(part => part.Name)
            .Where(part => !parts.Exists(p => p.NameIn(method.Name) == part))];

    static AdapterModule? ModuleBy(FiledLayer layer, Dialect dialect, List<InspectedPart> parts)
    {
        var method = layer.Method;
        var named = parts.Select(p => (Name: p.NameIn(method.Name), p.Tensor)).Where(p => p.Name is not null);
        var tensors = named.GroupBy(p => p.Name!).ToDictionary(group => group.Key, group => group.First().Tensor);
        bool isWhole = tensors.Count == parts.Count && method.Parts.All(p => !p.Required || p.IsShared || tensors.ContainsKey(p.Name));
        var stored = tensors.ToDictionary(p => p.Key, p => p.Value.Shape);
        if (!isWhole || !dialect.Layout.Recognizes(method, stored)) return null;
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
