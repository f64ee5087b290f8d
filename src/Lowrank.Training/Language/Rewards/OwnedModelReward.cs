namespace Lowrank.Training;

/// <summary>A reward model that was loaded for its scores alone.</summary>
sealed class OwnedModelReward(string path) : IReward, IDisposable
{
    readonly LanguageClassifier model = LanguageClassifier.Load(path);

    public string Name => "model";

    public IReadOnlyList<double?> Of(IReadOnlyList<RewardedAnswer> answers) => new ModelReward(model).Of(answers);

    public void Dispose() => model.Dispose();
}
