using System.Diagnostics;
using System.Text.Json;

namespace Lowrank.Bench;

/// <summary>
/// A single-file checkpoint of Stable Diffusion XL's shapes in float16, 6.9 GB: what opening costs, and converting to a folder and back
/// beside copying the file. Takes three times its size on the disk.
/// </summary>
static class CheckpointFiles
{
    const double Mega = 1 << 20;

    public static void Print()
    {
        string root = Directory.CreateTempSubdirectory("lowrank-bench-checkpoint-").FullName;
        string In(string name) => Path.Combine(root, name);
        string single = In("xl.safetensors"), folder = In("xl"), again = In("again.safetensors"), copy = In("copy.safetensors");
        try
        {
            MakeSparse(single);
            Console.WriteLine($"a checkpoint of XL's shapes, {new FileInfo(single).Length / Mega:f0} MB");
            foreach (var (what, open) in new (string, Action)[]
            {
                ("open the container", () => Containers.Open(single).Dispose()),
                ("open as a checkpoint", () => ModelCheckpoint.Open(single).Dispose()),
                ("place every key", () => { using var checkpoint = ModelCheckpoint.Open(single); _ = checkpoint.Unknown; }),
                ("inspect", () => BaseModelInspection.Inspect(single)),
                ("StableDiffusion.Load", () => StableDiffusion.Load(single, new Storage(ScalarType.BFloat16)).Dispose()),
            })
            {
                double first = Milliseconds(open), then = Enumerable.Range(0, 5).Min(_ => Milliseconds(open));
                Console.WriteLine($"{what,-24} first {first,7:f1} ms, then {then,6:f1} ms");
            }

            // The file has no data on the disk yet: the way back reads what this one wrote.
            Convert("to a folder", single, folder);
            Convert("to a file", folder, again);
            double copying = Milliseconds(() => File.Copy(again, copy)) / 1000;
            Console.WriteLine($"copying the file         {copying,6:f1} s");
        }
        finally
        {
            Directory.Delete(root, true);
        }

        static void Convert(string what, string from, string to)
        {
            long start = Stopwatch.GetTimestamp();
            var (peak, added) = PeakMemory.Measure("checkpoint-of", from, to);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine($"{what,-24} {seconds,6:f1} s, peak {peak:f0} MB, {added:f0} MB over rest");
        }
    }

    public static void Child(string from, string to)
    {
        empty(1).Dispose();   // loads libtorch, which is no cost of the conversion
        long rest = ProcessMemory.Read().Resident;
        if (File.Exists(from)) CheckpointConversion.ToFolder(from, to);
        else CheckpointConversion.ToFile(from, to);
        PeakMemory.Report(rest);
    }

    static double Milliseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>A header and a length: no values are written.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="isXl">XL's shapes; else those of Stable Diffusion 1.5, a third of the size.</param>
    public static void MakeSparse(string path, bool isXl = true)
    {
        var nowhere = new Storage(ScalarType.Float16, new Device(DeviceType.META));
        var header = new Dictionary<string, object>();
        long at = 0;
        var (unet, vae) = isXl ? (UNetConfig.Sdxl, VaeConfig.Sdxl) : (UNetConfig.Sd15, VaeConfig.Sd15);
        Add(new UNet2DConditionModel(unet, nowhere), CheckpointNames.UNet(unet));
        Add(new AutoencoderKL(vae, nowhere), CheckpointNames.Vae(vae));
        Add(new ClipTextModel(ClipTextConfig.Sd15, nowhere), CheckpointNames.Clip(
            ClipSpelling.Transformers, isXl ? "conditioner.embedders.0.transformer." : "cond_stage_model.transformer."));
        if (isXl)
            Add(new ClipTextModel(ClipTextConfig.SdxlSecond, nowhere),
                CheckpointNames.Clip(ClipSpelling.OpenClip, "conditioner.embedders.1.model."));
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
