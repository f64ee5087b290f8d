namespace Lowrank.Models;

/// <summary>The open weights of all parts of a model.</summary>
sealed class OpenParts : IDisposable
{
    readonly List<(string Part, ITensorFile File)> all = [];

    internal OpenParts(ModelSource source)
    {
        try
        {
            foreach (string part in source.Parts) all.Add((part, source.Open(part)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Each part with its file.</summary>
    internal IReadOnlyList<(string Part, ITensorFile File)> All => all;

    /// <summary>Stored names of a part by the published ones, without what is no weight.</summary>
    internal IReadOnlyDictionary<string, string> Stored(string part) => StoredNames.Of(part, all.First(open => open.Part == part).File);

    /// <summary>Makes sure that every part has just the tensors that its settings say, in these shapes; reads none.</summary>
    /// <exception cref="LowrankException">Some are missing, left over or misshapen.</exception>
    internal void AssertWhole(ModelSource source)
    {
        var texts = FolderParts.Texts(source.Family).Zip(source.Text).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var (part, file) in all)
        {
            using var scope = NewDisposeScope();
            nn.Module model = part switch
            {
                "unet" => new UNet2DConditionModel(source.UNet, ModelOutline.Nowhere),
                "vae" => new AutoencoderKL(source.Vae, ModelOutline.Nowhere),
                _ => new ClipTextModel(texts[part], ModelOutline.Nowhere),
            };
            var wanted = model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.shape);
            model.Dispose();
            AssertWhole(part, file, wanted);
        }
    }

    void AssertWhole(string part, ITensorFile file, Dictionary<string, long[]> wanted)
    {
        var shapes = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        var stored = Stored(part);
        List<string> faults =
        [
            .. wanted.Keys.Except(stored.Keys).Select(name => $"{name} is missing"),
            .. stored.Keys.Except(wanted.Keys).Select(name => $"{name} is left over"),
        ];
        foreach (var (name, shape) in wanted)
            if (stored.TryGetValue(name, out string? key) && !IsSameShape(shapes[key], shape))
                faults.Add($"{name} has shape {shapes[key].Text()}, and the model's is {shape.Text()}");
        if (faults.Count == 0) return;
        string more = faults.Count > Listed ? $"; and {faults.Count - Listed} more" : "";
        throw new LowrankException($"the {part} of {file.Path} is not whole: {string.Join("; ", faults.Take(Listed))}{more}.");
    }

    const int Listed = 8;

    // A matrix may lie as a convolution of one point.
    static bool IsSameShape(long[] stored, long[] wanted) =>
        Folding.Convolution.Unfold(stored).AsSpan().SequenceEqual(Folding.Convolution.Unfold(wanted));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, file) in all) file.Dispose();
    }
}
