namespace Lowrank.Diffusion;

/// <summary>Frees parts of a model between the steps of a call that has no more use for them, where that was asked for.</summary>
/// <param name="IsAsked">Whether it was; nothing is freed otherwise.</param>
public readonly record struct PartFreeing(bool IsAsked)
{
    /// <summary>Frees a part.</summary>
    /// <param name="part">Frees it: <see cref="Lowrank.Models.StableDiffusion.FreeVae"/>, or its like.</param>
    public void Free(Action part)
    {
        if (!IsAsked) return;
        part();
        GiveBack();
    }

    /// <summary>Gives back what the C library keeps of freed blocks, which fits the next ones ever less.</summary>
    public void GiveBack()
    {
        if (IsAsked) ProcessMemory.Trim();
    }
}
