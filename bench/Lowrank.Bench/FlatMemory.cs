using Lowrank.Training;

namespace Lowrank.Bench;

/// <summary>Resident memory of a training run, the demo's: its peak over steps 50 to 100 against that over steps 400 to 500.</summary>
static class FlatMemory
{
    public static Row About { get; } = new(Section.Memory, "500 steps of training", "emoji-sd, the demo's");

    public static Row Measure()
    {
        var root = BenchModel.FindRoot();
        var output = Directory.CreateTempSubdirectory("lowrank-bench-flat");
        var watch = new Watch();
        var recipe = Recipes.Read(Path.Combine(root, "recipes", "ink.yaml"))
            .With((ModelSection model) => model with { BaseModel = Path.Combine(root, "models", "emoji-sd") })
            .With((PictureSection data) => data with { Pictures = Path.Combine(root, "datasets", "ink") })
            .With((SavingSection saving) => saving with { Output = output.FullName })
            .With((OptimizationSection optimization) => optimization with { Steps = 500 });
        TrainingRun.Run(recipe, [watch]);
        output.Delete(recursive: true);
        return About with
        {
            Peer = "the same run, steps 50 to 100",
            Megabytes = watch.Late / (double)(1 << 20),
            PeerMegabytes = watch.Early / (double)(1 << 20),
            Remark = $"{watch.LateTensors} tensors alive at the end, {watch.EarlyTensors} at step 100",
        };
    }

    sealed class Watch : ITrainingListener
    {
        public long Early, Late, EarlyTensors, LateTensors;

        public void Stepped(TrainingStep step)
        {
            long now = ProcessMemory.Read().Resident, tensors = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
            if (step.Step is >= 50 and <= 100) (Early, EarlyTensors) = (Math.Max(Early, now), tensors);
            if (step.Step is >= 400 and <= 500) (Late, LateTensors) = (Math.Max(Late, now), tensors);
        }
    }
}
