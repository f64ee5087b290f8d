namespace Lowrank.Adapters;

/// <summary>What becomes of a field of adapter_config.json.</summary>
enum PeftFieldUse
{
    /// <summary>It says how the tensors are meant, and is read; or refused where it is set and what it does is not known.</summary>
    Read,

    /// <summary>The tensors and their names tell it too; it is written anew from them.</summary>
    Told,

    /// <summary>It tells of the base or of the training and goes along to what is made of the adapter.</summary>
    Carried,
}
