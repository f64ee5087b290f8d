using System.Text;

namespace Lowrank.Language;

/// <summary>
/// From the <see cref="ByteAlphabet"/> back to bytes, and from these to text; a token with other characters is taken as it is.
/// </summary>
sealed class ByteLevelDecoder : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var bytes = new List<byte>(tokens.Count * 4);
        foreach (string token in tokens) Append(token, bytes);
        return [Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes))];
    }

    static void Append(string token, List<byte> bytes)
    {
        int start = bytes.Count;
        foreach (char letter in token)
        {
            int value = ByteAlphabet.ByteOf(letter);
            if (value < 0)
            {
                bytes.RemoveRange(start, bytes.Count - start);
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
                return;
            }
            bytes.Add((byte)value);
        }
    }
}
