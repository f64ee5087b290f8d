namespace Lowrank.Language;

/// <summary>Changes a text before it is split: case, accents, blanks.</summary>
interface INormalizer
{
    /// <summary>Changes the text.</summary>
    void Normalize(AlignedText text);
}
