using System.Text.Json;

namespace Lowrank.Bench;

/// <summary>
/// A single-file checkpoint of Stable Diffusion XL's shapes in float16, 6.9 GB: what opening costs, and converting to a folder and back
/// beside copying the file. Takes three times its size on the disk.
/// </summary>
static class CheckpointFiles
{
    public static Row About { get; } = new(Section.Checkpoint, "checkpoints", "SD XL's shapes", "f16");

    public static IEnumerable<Row> Measure()
    {
        string root = Directory.CreateTempSubdirectory("lowrank-bench-checkpoint-").FullName;
        string In(string name) => Path.Combine(root, name);
        string single = In("xl.safetensors"), folder = In("xl"), again = In("again.safetensors"), copy = In("copy.safetensors");
        try
        {
            MakeSparse(single, FileMerge.Published, textEncoders: true);
            foreach (var (what, open) in Openings(single))
            {
                double first = BenchClock.Seconds(open);
                double then = new Rounds(AtLeast: 5, AtMost: 5, Seconds: 0).Median(open);
                yield return About with { What = what, Seconds = then, Peer = "the first time", PeerSeconds = first };
            }

            // The file has no data on the disk yet: the way back reads what this one wrote.
            var there = PeakMemory.Measure("checkpoint-of", single, folder);
            var back = PeakMemory.Measure("checkpoint-of", folder, again);
            double copying = BenchClock.Seconds(() => FileMerge.CopyFile(again, copy));
            var row = About with { Peer = "copying the file", PeerSeconds = copying };
            yield return row with { What = "convert to a folder", Seconds = there.Seconds, Megabytes = there.Added };
            yield return row with { What = "convert to a file", Seconds = back.Seconds, Megabytes = back.Added };
        }
        finally
        {
            Directory.Delete(root, true);
        }
    }

    static IEnumerable<(string, Action)> Openings(string single) =>
    [
        ("open the container", () => Containers.Open(single).Dispose()),
        ("open as a checkpoint", () => ModelCheckpoint.Open(single).Dispose()),
        ("place every key", () => { using var checkpoint = ModelCheckpoint.Open(single); _ = checkpoint.Unknown; }),
        ("inspect", () => BaseModelInspection.Inspect(single)),
        ("load in bf16", () => StableDiffusion.Load(single, new Storage(ScalarType.BFloat16)).Dispose()),
    ];

    public static void Child(string from, string to)
    {
        empty(1).Dispose();   // loads libtorch, which is no cost of the conversion
        PeakMemory.Report(() =>
        {
            if (File.Exists(from)) CheckpointConversion.ToFolder(from, to);
            else CheckpointConversion.ToFile(from, to);
        });
    }

    /// <summary>A header and a length: no values are written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="width">Channels of the first level, a multiple of 64; XL's 320 are doubled twice, and so are these.</param>
    /// <param name="textEncoders">Whether it has XL's two.</param>
    public static void MakeSparse(string path, int width, bool textEncoders)
    {
        if (width < 64 || width % 64 > 0) throw new LowrankException($"{width} channels: a multiple of 64 is asked for, a head's width");
        var nowhere = new Storage(ScalarType.Float16, new Device(DeviceType.META));
        var unet = UNetConfig.Sdxl with
        {
            BlockChannels = [width, 2 * width, 4 * width],
            Heads = [width / 64, width / 32, width / 16],
        };
        var header = new Dictionary<string, object>();
        long at = 0;
        Add(new UNet2DConditionModel(unet, nowhere), CheckpointNames.UNet(unet));
        Add(new AutoencoderKL(VaeConfig.Sdxl, nowhere), CheckpointNames.Vae(VaeConfig.Sdxl));
        CheckpointNames Embedder(ClipSpelling spelling, string inside) =>
            CheckpointNames.Clip(spelling, $"conditioner.embedders.{inside}.");
        if (textEncoders)
        {
            Add(new ClipTextModel(ClipTextConfig.Sd15, nowhere), Embedder(ClipSpelling.Transformers, "0.transformer"));
            Add(new ClipTextModel(ClipTextConfig.SdxlSecond, nowhere), Embedder(ClipSpelling.OpenClip, "1.model"));
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        using var stream = File.Create(path);
        stream.Write(BitConverter.GetBytes((long)json.Length));
        stream.Write(json);
        stream.SetLength(8 + json.Length + at);

        void Add(nn.Module model, CheckpointNames names)
        {
            foreach (var (own, tensor) in model.state_dict())
            {
                var (key, folding) = names.ToKey(own)!.Value;
                long[] shape = folding.Fold(tensor.shape);
                long bytes = 2 * shape.Aggregate(1L, (product, axis) => product * axis);
                if (header.TryAdd(key, new { dtype = "F16", shape, data_offsets = new[] { at, at + bytes } })) at += bytes;
            }
            model.Dispose();
        }
    }
}
