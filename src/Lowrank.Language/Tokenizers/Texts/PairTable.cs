namespace Lowrank.Language;

/// <summary>A table from pairs of numbers to numbers, open and without a dictionary's overhead: merges, and the edges of tries.</summary>
sealed class PairTable
{
    const ulong Free = ulong.MaxValue;

    ulong[] keys;
    long[] values;
    int mask;

    /// <summary>A table.</summary>
    /// <param name="capacity">Pairs that are expected.</param>
    public PairTable(int capacity) => (keys, values, mask) = Room(capacity);

    /// <summary>Pairs in it.</summary>
    public int Count { get; private set; }

    static (ulong[] Keys, long[] Values, int Mask) Room(int capacity)
    {
        int size = 16;
        while (size < capacity * 2) size *= 2;
        var keys = new ulong[size];
        Array.Fill(keys, Free);
        return (keys, new long[size], size - 1);
    }

    /// <summary>Puts a pair in, or gives it another value.</summary>
    public void Set(int first, int second, long value)
    {
        if (Count * 2 >= keys.Length) Grow();
        ulong key = Key(first, second);
        int place = PlaceOf(key);
        if (keys[place] != key) Count++;
        (keys[place], values[place]) = (key, value);
    }

    /// <summary>What a pair stands for; false where it is not there.</summary>
    public bool Find(int first, int second, out long value)
    {
        ulong key = Key(first, second);
        int place = PlaceOf(key);
        value = values[place];
        return keys[place] == key;
    }

    static ulong Key(int first, int second) => (ulong)(uint)first << 32 | (uint)second;

    int PlaceOf(ulong key)
    {
        int place = (int)(key * 0x9E3779B97F4A7C15 >> 33) & mask;   // the golden ratio's bits scatter neighbours
        while (keys[place] != key && keys[place] != Free) place = place + 1 & mask;
        return place;
    }

    void Grow()
    {
        var (oldKeys, oldValues) = (keys, values);
        (keys, values, mask) = Room(oldKeys.Length * 2);
        for (int i = 0; i < oldKeys.Length; i++)
        {
            if (oldKeys[i] == Free) continue;
            int place = PlaceOf(oldKeys[i]);
            (keys[place], values[place]) = (oldKeys[i], oldValues[i]);
        }
    }
}
