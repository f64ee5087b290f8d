namespace Lowrank.Language;

/// <summary>A sampler of llama.cpp's (b11549, 2026): it drops, weighs or chooses candidates.</summary>
public abstract class CandidateSampler
{
    /// <summary>Works on the candidates of one place.</summary>
    public abstract void Apply(Candidates candidates);

    /// <summary>Is told which token was written.</summary>
    public virtual void Accept(int token) { }
}
