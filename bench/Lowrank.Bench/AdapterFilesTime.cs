namespace Lowrank.Bench;

/// <summary>
/// Adapter files of SD 1.5's shapes: a hundred of rank 4 inspected by their headers, and one of rank 64
/// measured, hashed, and converted, beside reading it once.
/// </summary>
static class AdapterFilesTime
{
    const int Files = 100;

    static readonly Rounds rounds = new(AtLeast: 5, AtMost: 9, Seconds: 5);

    public static Row About { get; } = new(Section.Files, "adapter files", "SD 1.5", "f16");

    public static IEnumerable<Row> Measure()
    {
        string root = Directory.CreateTempSubdirectory("lowrank-bench-files-").FullName;
        try
        {
            var model = Model();
            string small = Write(root, "small", model, 4), large = Write(root, "large", model, 64);
            string other = Path.Combine(root, "other.safetensors"), copy = Path.Combine(root, "copy.safetensors");
            string[] many = [.. Enumerable.Range(0, Files).Select(i => Path.Combine(root, $"{i}.safetensors"))];
            foreach (string path in many) File.Copy(small, path);
            const string inspecting = "inspect", headers = "reading their headers";
            var heads = rounds.Medians(new Dictionary<string, Action>
            {
                [inspecting] = () => { foreach (string path in many) Inspect(path); },
                [headers] = () => { foreach (string path in many) ReadHeader(path); },
            });
            yield return About with
            {
                What = $"inspect {Files} by their headers",
                Shape = Told(small, 4),
                Seconds = heads[inspecting],
                Peer = headers,
                PeerSeconds = heads[headers],
            };
            const string reading = "reading it once", norms = "inspect with norms", hashes = "hash (AutoV1, 2, 3, sshs)";
            const string copying = "copying it to the disk", converting = "convert to diffusers";
            var seconds = rounds.Medians(new Dictionary<string, Action>
            {
                [reading] = () => Read(large),
                [norms] = () => MeasureNorms(large),
                [hashes] = () => Hash(large),
                [copying] = () => FileMerge.CopyFile(large, copy),
                [converting] = () => Convert(large, other, model),
            });
            foreach (var (what, peer) in new[] { (norms, reading), (hashes, reading), (converting, copying) })
                yield return About with
                {
                    What = what,
                    Shape = Told(large, 64),
                    Seconds = seconds[what],
                    Peer = peer,
                    PeerSeconds = seconds[peer],
                };
        }
        finally
        {
            Directory.Delete(root, true);
        }
    }

    static string Told(string path, int rank) =>
        FormattableString.Invariant($"SD 1.5, rank {rank}, {new FileInfo(path).Length / 1e6:0.0} MB");

    /// <summary>SD 1.5's UNet and text encoder, without weights.</summary>
    public static ModelDescription Model()
    {
        var nowhere = new Storage(ScalarType.Float32, new Device(DeviceType.META));
        return StableDiffusionComponents.Describe("sd1",
        [
            ("unet", new UNet2DConditionModel(UNetConfig.Sd15, nowhere)),
            ("text_encoder", new ClipTextModel(ClipTextConfig.Sd15, nowhere)),
        ]);
    }

    /// <summary>Writes a LoRA in float16.</summary>
    /// <returns>Its path.</returns>
    public static string Write(string folder, string name, ModelDescription model, int rank)
    {
        using var scope = NewDisposeScope();
        using var adapter = AdapterFactory.Create(TargetSelection.Kohya(model, textEncoder: true), new LoraOptions(rank, rank / 2));
        string path = Path.Combine(folder, name + ".safetensors");
        AdapterFile.Write(path, adapter, model, dtype: ScalarType.Float16);
        return path;
    }

    /// <summary>Reads a file and writes it in diffusers' spelling.</summary>
    public static void Convert(string from, string to, ModelDescription model)
    {
        using var adapter = AdapterFile.Read(from, model);
        AdapterFile.Write(to, adapter, model, "diffusers", ScalarType.Float16);
    }

    static void Inspect(string path)
    {
        using var file = AdapterFile.Open(path);
        AdapterInspection.Inspect(file);
    }

    // A safetensors file begins with its header's length.
    static void ReadHeader(string path)
    {
        using var stream = File.OpenRead(path);
        var length = new byte[8];
        stream.ReadExactly(length);
        stream.ReadExactly(new byte[BitConverter.ToInt64(length)]);
    }

    static void Read(string path)
    {
        using var file = AdapterFile.Open(path);
        foreach (var tensor in file.Tensors) file.Read(tensor.Name).Dispose();
    }

    static void MeasureNorms(string path)
    {
        using var file = AdapterFile.Open(path);
        AdapterInspection.Measure(file);
    }

    static void Hash(string path)
    {
        using var file = AdapterFile.Open(path);
        FileHashes.Of(path, file);
    }
}
