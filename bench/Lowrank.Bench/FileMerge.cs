using System.Diagnostics;

namespace Lowrank.Bench;

/// <summary>
/// Merging an adapter of rank 32 over all transformers and text encoders into a checkpoint of XL's shapes in float16, 6.9 GB, or of Stable
/// Diffusion 1.5's, 2.1 GB, tensor by tensor, beside copying the file. Takes three times its size on the disk.
/// </summary>
static class FileMerge
{
    const double Mega = 1 << 20;

    public static void Print(bool isXl, int rounds)
    {
        string root = Directory.CreateTempSubdirectory("lowrank-bench-merge-").FullName;
        string In(string name) => Path.Combine(root, name + ".safetensors");
        string sparse = In("sparse"), single = In("model"), adapter = In("adapter"), to = In("to");
        try
        {
            CheckpointFiles.MakeSparse(sparse, isXl);
            Fill(sparse, single);
            File.Delete(sparse);
            int targets = MakeAdapter(adapter, single);
            double checkpointSize = new FileInfo(single).Length / Mega, adapterSize = new FileInfo(adapter).Length / Mega;
            Console.WriteLine(
                $"a checkpoint of {(isXl ? "XL" : "SD 1.5")}'s shapes, {checkpointSize:f0} MB; an adapter of rank 32 at {targets} targets, {adapterSize:f0} MB");
            List<double> copies = [], merges = [];
            (double Peak, double Added) memory = default;
            for (int round = 0; round < rounds; round++)
            {
                copies.Add(Seconds(() => Copy(single, to)));
                File.Delete(to);
                merges.Add(Seconds(() => memory = PeakMemory.Measure("merge-of", single, adapter, to)));
                File.Delete(to);
            }
            double copy = StepTimes.Median(copies), merge = StepTimes.Median(merges);
            Console.WriteLine($"copying the file          {copy,6:f1} s");
            string memoryText = $"peak {memory.Peak:f0} MB, {memory.Added:f0} MB over rest";
            Console.WriteLine($"merging                   {merge,6:f1} s, {merge / copy:f2} of copying; {memoryText}");
        }
        finally
        {
            Directory.Delete(root, true);
        }
    }

    public static void Child(string single, string adapter, string to)
    {
        empty(1).Dispose();   // loads libtorch
        long rest = ProcessMemory.Read().Resident;
        using (var model = ModelKinds.Outline(single))
        using (var read = AdapterFile.Read(adapter, model.Describe(), weights: model.Weight))
        {
            var merge = new WeightMerge(model.Describe(), [new MergeTerm(read, 0.8)], model.Weight);
            ModelRewriting.Rewrite(model, to, new WeightEdit(merge.Touches, merge.Change));
        }
        PeakMemory.Report(rest);
    }

    static int MakeAdapter(string path, string single)
    {
        using var scope = NewDisposeScope();
        using var model = ModelKinds.Outline(single);
        using var adapter = AdapterFactory.Create(TargetSelection.Kohya(model.Describe(), textEncoder: true), new LoraOptions(32, 16));
        AdapterFile.Write(path, adapter, model.Describe(), dtype: ScalarType.Float16);
        return adapter.Targets.Count;
    }

    // Values as weights have them: a disk may make less of zeros.
    static void Fill(string sparse, string single)
    {
        using var scope = NewDisposeScope();
        long length = new FileInfo(sparse).Length;
        var values = (randn(1 << 24) * 0.02).to(ScalarType.Float16);
        using var header = File.OpenRead(sparse);
        using var target = new FileStream(single, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        var bytes = new byte[8];
        header.ReadExactly(bytes);
        bytes = [.. bytes, .. new byte[BitConverter.ToInt64(bytes)]];
        header.ReadExactly(bytes.AsSpan(8));
        target.Write(bytes);
        while (target.Position < length) target.Write(values.bytes[..(int)Math.Min(values.bytes.Length, length - target.Position)]);
        target.Flush(flushToDisk: true);
    }

    // To the disk, as the merged file is.
    static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        source.CopyTo(target, 1 << 22);
        target.Flush(flushToDisk: true);
    }

    static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
