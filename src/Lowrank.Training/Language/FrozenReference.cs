namespace Lowrank.Training;

/// <summary>The model with the adapter that a run began with, as it was then: what the run's own is measured from.</summary>
/// <remarks>It stands beside the one that is trained, switched off, and works in the block of <see cref="Use"/> alone: the base is there
/// once.</remarks>
sealed class FrozenReference : IDisposable
{
    readonly ModelDescription model;
    readonly Attachment attachment;

    /// <summary>Puts it on a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapter">The adapter, which is taken over.</param>
    public FrozenReference(ModelDescription model, Adapter adapter)
    {
        this.model = model;
        foreach (var part in adapter.Trainable) part.requires_grad_(false);
        adapter.Train(false);
        attachment = model.Attach(adapter);
        attachment.Active = false;
    }

    /// <summary>Has the model answer with it and no other, until the block is disposed of.</summary>
    public IDisposable Use() => model.Using(attachment);

    /// <inheritdoc/>
    public void Dispose()
    {
        attachment.Detach();
        attachment.Adapter.Dispose();
    }
}
