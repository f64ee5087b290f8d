namespace Lowrank.Torch;

/// <summary>A module that tells itself how adapters are to see it: its family, and what programs call its layers.</summary>
public interface IDescribedModel
{
    /// <summary>The model as adapters see it, one and the same at every call.</summary>
    ModelDescription Describe();
}
