using System.Diagnostics;

namespace Lowrank.Bench;

/// <summary>
/// Merging an adapter of Stable Diffusion 1.5's size (192 + 72 targets, rank 32) into weights in memory, and unmerging, against reading and
/// writing those weights once; and switching between two that are attached.
/// </summary>
static class MergeTime
{
    public static void Print(ScalarType dtype, int rounds)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        random.manual_seed(1);
        var storage = new Storage(dtype);
        using var unet = new UNet2DConditionModel(UNetConfig.Sd15, storage);
        using var encoder = new ClipTextModel(ClipTextConfig.Sd15, storage);
        var model = StableDiffusionComponents.Describe("sd1", [("unet", unet), ("text_encoder", encoder)]);
        var targets = TargetSelection.Kohya(model, textEncoder: true);
        var layers = model.Components.SelectMany(c => c.Targets).ToDictionary(t => t.Target.Path, t => t.Layer);
        foreach (var target in targets) layers[target.Path].Weight.Dense().normal_(0, 0.02);
        using var adapter = AdapterFactory.Create(targets, new LoraOptions(32, 16));
        foreach (var part in adapter.Trainable) part.normal_(0, 0.02);
        using var attachment = model.Attach(adapter);
        using var second = AdapterFactory.Create(targets, new LoraOptions(32, 16));
        Tensor[] weights = [.. targets.Select(t => layers[t.Path].Weight.Dense())], buffers = [.. weights.Select(w => w.clone())];
        string[] measured = ["read and write once", "merge", "unmerge", "switch adapters"];
        var seconds = measured.ToDictionary(what => what, _ => new List<double>());
        for (int round = -1; round < rounds; round++)
        {
            Time("read and write once", round, () => { foreach (var (weight, buffer) in weights.Zip(buffers)) buffer.copy_(weight); });
            Time("merge", round, model.Merge);
            Time("unmerge", round, () => model.Unmerge());
        }
        using var other = model.Attach(second);
        other.Active = false;
        long live = Live;
        void Switch() => (attachment.Active, other.Active) = (other.Active, attachment.Active);
        for (int round = -1; round < rounds; round++) Time("switch adapters", round, Switch);
        Console.WriteLine($"merge        {StepTimes.Name(dtype)}  {Live - live} more tensors live after {rounds + 1} switches than before");
        double once = StepTimes.Median(seconds["read and write once"]);
        string over = $"{targets.Count} targets, {weights.Sum(w => w.numel()) / 1e6:f0} M weights";
        foreach (var (what, list) in seconds)
        {
            double median = StepTimes.Median(list);
            string times = $"{median * 1000,9:f1} ms   {median / once,5:f2} of reading and writing once";
            Console.WriteLine($"merge        {StepTimes.Name(dtype)}  {over}   {what,-20} {times}");
        }

        void Time(string what, int round, Action action)
        {
            using var step = NewDisposeScope();
            var clock = Stopwatch.StartNew();
            action();
            if (round >= 0) seconds[what].Add(clock.Elapsed.TotalSeconds);   // the first warms up
        }
    }

    static long Live => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
