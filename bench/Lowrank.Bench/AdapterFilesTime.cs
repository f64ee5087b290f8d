using System.Diagnostics;

namespace Lowrank.Bench;

/// <summary>
/// Adapter files of SD 1.5's shapes: a hundred of rank 4 inspected by their headers, and one of rank 64
/// measured, hashed, and converted, beside reading it once.
/// </summary>
static class AdapterFilesTime
{
    const int Files = 100;

    public static void Print(int rounds)
    {
        string root = Directory.CreateTempSubdirectory("lowrank-bench-files-").FullName;
        try
        {
            var model = StableDiffusionComponents.Describe("sd1", Components());
            string small = Write(root, "small", model, 4), large = Write(root, "large", model, 64);
            string other = Path.Combine(root, "other.safetensors");
            string[] many = [.. Enumerable.Range(0, Files).Select(i => Path.Combine(root, $"{i}.safetensors"))];
            foreach (string path in many) File.Copy(small, path);
            double inspecting = Median(rounds, () => Inspect(many));
            Console.WriteLine($"files        {Files} inspected by their headers ({Mega(small):f0} MB each): {inspecting:f2} s");
            double reading = Median(rounds, () => Read(large));
            Console.WriteLine($"files        one of rank 64, {Mega(large):f0} MB: read once {reading:f2} s");
            Tell("inspected with norms", Median(rounds, () => Measure(large)), reading);
            Tell("hashed (AutoV1, 2, 3, sshs)", Median(rounds, () => Hash(large)), reading);
            Tell("converted to diffusers", Median(rounds, () => Convert(large, other, model)), reading);
        }
        finally
        {
            Directory.Delete(root, true);
        }
    }

    static void Tell(string what, double seconds, double reading) =>
        Console.WriteLine($"files        {what,-28} {seconds,6:f2} s, {seconds / reading:f1} of reading it once");

    static IEnumerable<(string Name, nn.Module Module)> Components()
    {
        var nowhere = new Storage(ScalarType.Float32, new Device(DeviceType.META));
        yield return ("unet", new UNet2DConditionModel(UNetConfig.Sd15, nowhere));
        yield return ("text_encoder", new ClipTextModel(ClipTextConfig.Sd15, nowhere));
    }

    static string Write(string root, string name, ModelDescription model, int rank)
    {
        using var scope = NewDisposeScope();
        using var adapter = AdapterFactory.Create(TargetSelection.Kohya(model, textEncoder: true), new LoraOptions(rank, rank / 2));
        string path = Path.Combine(root, name + ".safetensors");
        AdapterFile.Write(path, adapter, model, dtype: ScalarType.Float16);
        return path;
    }

    static void Inspect(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            using var file = AdapterFile.Open(path);
            AdapterInspection.Inspect(file);
        }
    }

    static void Read(string path)
    {
        using var file = AdapterFile.Open(path);
        foreach (var tensor in file.Tensors) file.Read(tensor.Name).Dispose();
    }

    static void Measure(string path)
    {
        using var file = AdapterFile.Open(path);
        AdapterInspection.Measure(file);
    }

    static void Hash(string path)
    {
        using var file = AdapterFile.Open(path);
        FileHashes.Of(path, file);
    }

    static void Convert(string from, string to, ModelDescription model)
    {
        using var adapter = AdapterFile.Read(from, model);
        AdapterFile.Write(to, adapter, model, "diffusers", ScalarType.Float16);
    }

    static double Mega(string path) => new FileInfo(path).Length / (double)(1 << 20);

    static double Median(int rounds, Action action) => StepTimes.Median([.. Enumerable.Range(0, rounds).Select(_ => Seconds(action))]);

    static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
