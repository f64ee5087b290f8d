namespace Lowrank.Torch;

/// <summary>An adaptable layer whose code is not ours: another weight is put in the place of its own for a while.</summary>
public interface IPlacedLayer : IAdaptable
{
    /// <summary>Whether another weight stands in the place of its own.</summary>
    bool IsPlaced { get; }

    /// <summary>Puts a weight and a bias, with their history, in the place of its own until <see cref="TakeBack"/>.</summary>
    void Place(Tensor weight, Tensor? bias);

    /// <summary>Gives the layer its own weight and bias back: the same objects, with the same bits.</summary>
    void TakeBack();
}
