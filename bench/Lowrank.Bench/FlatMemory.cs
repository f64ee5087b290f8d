using Lowrank.Training;

namespace Lowrank.Bench;

/// <summary>Resident memory of a training run, the demo's: its peak over steps 50 to 100 against that over steps 400 to 500.</summary>
static class FlatMemory
{
    public static void Print()
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
        string peaks = $"peak of steps 50-100 {watch.Early >> 20} MB, of steps 400-500 {watch.Late >> 20} MB";
        double growth = (double)watch.Late / watch.Early;
        Console.WriteLine($"training memory: {peaks}: {growth:f4}; tensors alive {watch.EarlyTensors} and {watch.LateTensors}");
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
