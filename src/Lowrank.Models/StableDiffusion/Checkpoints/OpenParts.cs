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
    internal IReadOnlyDictionary<string, string> Stored(string part)
    {
        var file = all.First(open => open.Part == part).File;
        return Weights.Named(file, part switch { "unet" => null, "vae" => AutoencoderKL.NewName, _ => ClipTextModel.PublishedName })
            .Where(pair => !ClipTextModel.IsPositionIds(pair.Key)).ToDictionary();
    }

    /// <summary>Makes sure that every part has just the tensors that its settings say, in these shapes; reads none.</summary>
    /// <exception cref="LowrankException">Some are missing, left over or misshapen.</exception>
    internal void AssertWhole(ModelSource source)
    {
        // On the meta device a tensor is its shape alone.
        var nowhere = new Storage(ScalarType.Float32, new Device(DeviceType.META));
        foreach (var (part, file) in all)
        {
            using var scope = NewDisposeScope();
            nn.Module model = part switch
            {
                "unet" => new UNet2DConditionModel(source.UNet, nowhere),
                "vae" => new AutoencoderKL(source.Vae, nowhere),
                _ => new ClipTextModel(source.Text[part == "text_encoder_2" ? 1 : 0], nowhere),
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
            .. wanted.Where(pair => stored.TryGetValue(pair.Key, out string? name) && !Folding.Convolution.Unfold(shapes[name]).AsSpan().SequenceEqual(Folding.Convolution.Unfold(pair.Value)))
                .Select(pair => $"{pair.Key} has shape ({string.Join(", ", shapes[stored[pair.Key]])}), and the model's is ({string.Join(", ", pair.Value)})"),
        ];
        if (faults.Count > 0)
            throw new LowrankException($"the {part} of {file.Path} is not whole: {string.Join("; ", faults.Take(8))}{(faults.Count > 8 ? $"; and {faults.Count - 8} more" : "")}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, file) in all) file.Dispose();
    }
}
